import { dashboard } from './nightly-dashboard.ts';
import { delays, step, creep } from './nightly-change.ts';
const runs=Number(process.argv[2]??60);
const ids=(process.argv[3]??'').split(',');
const q=(xs:number[])=>{const s=xs.toSorted((a,b)=>a-b);return [s[Math.floor(s.length/2)],s[Math.floor(s.length*.9)]].join('/').replaceAll('Infinity','∞').padEnd(8)};
for(const cell of dashboard){ if(!ids.some(i=>cell.id.startsWith(i))) continue;
 console.log(cell.id.padEnd(26),cell.deviation.toFixed(3),[step(1.02),step(1.05),step(1.1),step(1.2),creep(1.02,30)].map(c=>q(delays(cell,c,{runs}))).join(' '));
}
