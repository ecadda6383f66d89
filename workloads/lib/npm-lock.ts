/**
 * Vega and what it requires, as ocibench's own lock file of November 2026 has them, without optional packages:
 * place in node_modules (`>`: nested), version, files, bytes unpacked, dependencies.
 */
export const npmLock = `@types/estree 1.0.10 5 26315
@types/geojson 7946.0.16 4 9514
d3-array 3.2.5 7 114602 internmap
d3-color 3.1.1 7 57072
d3-delaunay 6.0.6 7 141315 delaunator
d3-dispatch 3.0.2 7 12166
d3-dsv 3.0.2 10 27988 commander iconv-lite rw
d3-dsv>commander 7.2.0 8 144710
d3-ease 3.0.2 7 20366
d3-force 3.0.1 7 54610 d3-dispatch d3-quadtree d3-timer
d3-format 3.1.3 66 46380
d3-geo 3.1.2 7 255366 d3-array
d3-geo-projection 4.0.0 123 464883 commander d3-array d3-geo
d3-geo-projection>commander 7.2.0 8 144710
d3-hierarchy 3.1.3 7 104974
d3-interpolate 3.0.2 7 48670 d3-color
d3-path 3.1.1 7 18958
d3-quadtree 3.0.2 7 35835
d3-scale 4.0.3 7 95384 d3-array d3-format d3-interpolate d3-time d3-time-format
d3-scale-chromatic 3.1.1 7 90478 d3-color d3-interpolate d3-scale
d3-shape 3.2.1 7 177772 d3-path
d3-time 3.1.1 7 40334 d3-array
d3-time-format 4.1.1 42 81924 d3-time
d3-timer 3.0.2 7 14042
delaunator 5.1.0 7 66939 robust-predicates
iconv-lite 0.6.3 33 348518 safer-buffer
internmap 2.0.3 6 10470
robust-predicates 3.0.3 20 293521
rw 1.3.3 27 24152
safer-buffer 2.1.2 7 42299
topojson-client 3.1.0 21 67594 commander
topojson-client>commander 2.20.3 6 62442
vega 6.4.0 13 3727817 vega-crossfilter vega-dataflow vega-encode vega-event-selector vega-expression
  vega-force vega-format vega-functions vega-geo vega-hierarchy vega-label vega-loader vega-parser
  vega-projection vega-regression vega-runtime vega-scale vega-scenegraph vega-statistics vega-time
  vega-transforms vega-typings vega-util vega-view vega-view-transforms vega-voronoi vega-wordcloud
vega-canvas 2.0.0 13 12822
vega-crossfilter 5.1.3 13 84309 d3-array vega-dataflow vega-util
vega-dataflow 6.1.3 28 269361 vega-format vega-loader vega-util
vega-encode 5.2.2 16 142136 d3-array d3-interpolate vega-dataflow vega-scale vega-util
vega-event-selector 4.0.0 9 24414
vega-expression 6.2.2 13 236505 @types/estree vega-util
vega-force 5.1.3 8 32967 d3-force vega-dataflow vega-util
vega-format 2.1.3 11 43310 d3-array d3-format d3-time-format vega-time vega-util
vega-functions 6.2.0 33 137030 d3-array d3-color d3-ease d3-geo vega-dataflow vega-expression vega-scale
  vega-scenegraph vega-selections vega-statistics vega-time vega-util
vega-geo 5.1.3 21 177106 d3-array d3-color d3-geo vega-canvas vega-dataflow vega-projection vega-statistics
  vega-util
vega-hierarchy 5.1.3 16 65372 d3-hierarchy vega-dataflow vega-util
vega-label 2.1.3 17 126119 vega-canvas vega-dataflow vega-scenegraph vega-util
vega-loader 5.1.3 17 101600 d3-dsv topojson-client vega-format vega-util
vega-parser 7.1.3 60 502253 vega-dataflow vega-event-selector vega-functions vega-scale vega-util
vega-projection 2.1.3 8 15316 d3-geo d3-geo-projection vega-scale
vega-regression 2.1.3 10 32308 d3-array vega-dataflow vega-statistics vega-util
vega-runtime 7.1.3 16 74375 vega-dataflow vega-util
vega-scale 8.1.3 24 138468 d3-array d3-interpolate d3-scale d3-scale-chromatic vega-time vega-util
vega-scenegraph 5.3.0 83 753836 d3-path d3-shape vega-canvas vega-loader vega-scale vega-util
vega-selections 6.1.5 12 53858 d3-array vega-expression vega-util
vega-selections>d3-array 3.2.4 66 163730 internmap
vega-statistics 2.0.0 35 173191 d3-array
vega-time 3.3.0 13 92009 d3-array d3-time vega-util
vega-transforms 5.2.2 55 468720 d3-array vega-dataflow vega-statistics vega-time vega-util
vega-typings 2.3.0 40 154958 @types/geojson vega-event-selector vega-expression vega-util
vega-util 2.1.3 254 187869
vega-view 6.2.0 36 183840 d3-array d3-timer vega-dataflow vega-format vega-functions vega-runtime
  vega-scenegraph vega-util
vega-view-transforms 5.2.2 19 183338 vega-dataflow vega-scenegraph vega-util
vega-voronoi 5.1.3 8 11947 d3-delaunay vega-dataflow vega-util
vega-wordcloud 5.1.3 9 68124 vega-canvas vega-dataflow vega-scale vega-statistics vega-util`.replaceAll(
  '\n  ',
  ' ',
);

/** Packages that the project itself requires. */
export const npmLockRoots = ['vega'] as const;

const rows = npmLock.split('\n').map((line) => line.split(' '));
export const npmLockPackages = rows.length;
/** Files that are in node_modules after an installation. */
export const npmLockFiles = rows.reduce((sum, [, , files]) => sum + Number(files), 0);
