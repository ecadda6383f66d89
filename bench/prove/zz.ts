import { dashboard } from './nightly-dashboard.ts';
import { find, step, creep } from './nightly-change.ts';
const base=dashboard[0]!;
for(const d of [.035,.05,.08,.12]){ const r=(c:any)=>{const f=find({...base,deviation:d,id:`z${d}`},c,200).map(x=>x.nights).toSorted((a,b)=>a-b);return [f[100],f[180],(f.filter(x=>x===1).length/2)+'%'].join('/')};
console.log(d,r(step(1.05)),r(step(1.1)),r(creep(1.02,30)));}
