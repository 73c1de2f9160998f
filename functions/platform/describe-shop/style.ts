/** How the page looks, by daylight and in the dark; nothing of it is fetched from anywhere. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fff; --raised: #f6f7f9; --ink: #1c2127; --faint: #5b6672; --line: #dde1e6; --link: #0b5cad;
  --accounts: #7a4fc4; --catalog: #0a7d5c; --stock: #a65a00; --carts: #b8397a; --orders: #1f65c9; --payments: #6a7700;
  --mail: #806a4f; --platform: #56657a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --raised: #1d2127; --ink: #e3e7ec; --faint: #9aa5b1; --line: #313842; --link: #7db8ff;
    --accounts: #b99af0; --catalog: #5fcaa6; --stock: #f0a95a; --carts: #f08dba; --orders: #7fb0ff; --payments: #c5d15c;
    --mail: #cbb497; --platform: #a3b2c6;
  }
}
* { box-sizing: border-box }
html { scroll-behavior: smooth; scroll-padding-top: 3.75rem }
body { margin: 0; font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', sans-serif; color: var(--ink); background: var(--ground) }
a { color: var(--link); text-decoration: none } a:hover { text-decoration: underline }
code, pre { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; font-size: .87em }
:not(pre) > code { overflow-wrap: anywhere }
nav { position: sticky; top: 0; z-index: 1; display: flex; gap: .15rem 1rem; flex-wrap: wrap; align-items: baseline;
  padding: .6rem max(1rem, calc(50vw - 34rem)); background: var(--ground); border-bottom: 1px solid var(--line) }
nav b { margin-right: .5rem } nav a { font-size: .93rem } nav .documents { margin-left: auto; display: flex; gap: 1rem }
main { max-width: 70rem; margin: 0 auto; padding: 1.5rem 1rem 6rem }
h1 { font-size: 2.1rem; line-height: 1.2; margin: .5rem 0 .25rem } h2 { margin: 3rem 0 .25rem; font-size: 1.35rem }
.lead { font-size: 1.1rem; color: var(--faint); margin: 0 0 1.5rem } h2 + p { margin: 0 0 .9rem; color: var(--faint) }
.about { max-width: 46rem } .about p { margin: .6rem 0 }
.operation { border: 1px solid var(--line); border-radius: 6px; margin: .35rem 0; background: var(--ground) }
.operation[open] { box-shadow: 0 1px 6px rgb(0 0 0 / .08) }
.operation:target { border-color: var(--link) }
summary { display: grid; grid-template-columns: 4.2rem minmax(0, 24rem) minmax(0, 1fr) auto; gap: .1rem .75rem; align-items: baseline;
  padding: .45rem .75rem; cursor: pointer; list-style: none }
summary::-webkit-details-marker { display: none } summary:hover { background: var(--raised) }
summary:focus-visible { outline: 2px solid var(--link); outline-offset: -2px; border-radius: 6px }
.operation[open] > summary { border-bottom: 1px solid var(--line) }
.method { font: 600 .74rem ui-monospace, monospace; letter-spacing: .02em; color: var(--platform) }
.get { color: var(--orders) } .post { color: var(--catalog) } .put, .patch { color: var(--stock) } .delete { color: var(--carts) }
.path em { font-style: normal; color: var(--faint) }
.promise { font-size: .93rem; color: var(--faint) }
.callers { display: flex; gap: .25rem; justify-content: end }
.caller { font-size: .74rem; padding: .05rem .45rem; border: 1px solid var(--line);
  border-radius: 99px; color: var(--faint); white-space: nowrap }
.inside { padding: .5rem .9rem 1rem } .inside p { margin: .5rem 0; max-width: 52rem } .id { font-size: .85rem }
table { border-collapse: collapse; width: 100%; margin: .8rem 0; font-size: .92rem }
th { font-weight: 600; font-size: .8rem; color: var(--faint) }
th, td { text-align: left; vertical-align: top; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line) }
td:first-child { white-space: nowrap } .inside td p { margin: 0 0 .15rem }
.answers { table-layout: fixed } .answers th:first-child { width: 4rem }
.s2 b { color: var(--catalog) } .s4 b { color: var(--stock) } .s5 b { color: var(--carts) }
sup { color: var(--carts); margin-left: .1rem }
figure { margin: .6rem 0 } figcaption { font-size: .8rem; color: var(--faint) }
pre { margin: .2rem 0 0; padding: .6rem .8rem; overflow-x: auto; background: var(--raised); border-radius: 6px; line-height: 1.45 }
.map { overflow-x: auto; margin: 1rem 0 } svg { display: block; width: 100%; height: auto; min-width: 52rem }
svg text { font: 13px ui-monospace, 'SF Mono', Menlo, Consolas, monospace; fill: var(--ink) }
svg a:hover text { text-decoration: underline } svg .heads text { font: 600 12px system-ui, sans-serif; fill: var(--faint) }
.edges path { fill: none; stroke: var(--c); stroke-width: 1.4; opacity: .5 } .events rect { fill: var(--ground); stroke: var(--c); stroke-width: 1.4 }
.events text { fill: var(--c) }
${['accounts', 'catalog', 'stock', 'carts', 'orders', 'payments', 'mail', 'platform']
  .map((domain) => `.d-${domain} { --c: var(--${domain}) }`)
  .join(' ')}
@media (max-width: 50rem) {
  summary { grid-template-columns: 4.2rem minmax(0, 1fr) auto } .promise { grid-column: 2 / 4; grid-row: 2 }
  .callers { grid-column: 3; grid-row: 1; flex-direction: column; align-items: end }
  table:not(.answers) { display: block; overflow-x: auto } nav .documents { margin-left: 0 }
}
`
