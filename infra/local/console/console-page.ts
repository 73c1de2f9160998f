/** The console's page: one file, no dependency; it asks `/state` every second and draws what it gets. */
export const CONSOLE_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Kiosk console</title>
<style>
  :root { color-scheme: light dark; --line: #8884; --warm: #2a9d4a; --busy: #d98e04; --bad: #d43d3d }
  body { font: 14px/1.5 system-ui, sans-serif; margin: 1.5rem; display: grid; gap: 1.5rem; grid-template-columns: minmax(20rem, 1fr) 2fr }
  h1 { grid-column: 1 / -1; margin: 0; font-size: 1.3rem } h2 { font-size: 1rem; margin: 0 0 .5rem }
  ul { list-style: none; padding: 0; margin: 0; columns: 2 } li { break-inside: avoid; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
  li::before { content: '○ '; opacity: .5 } li.warm::before { content: '● '; color: var(--warm); opacity: 1 }
  li.busy::before { content: '● '; color: var(--busy); opacity: 1 } li.bad::before { content: '▲ '; color: var(--bad); opacity: 1 }
  table { border-collapse: collapse; width: 100%; font-size: 13px } td { padding: .1rem .6rem .1rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
  td:first-child { font-variant-numeric: tabular-nums; opacity: .7; white-space: nowrap } .bad { color: var(--bad) }
  .feed { max-height: 80vh; overflow: auto } p { opacity: .7; margin: .3rem 0 }
</style>
</head>
<body>
<h1>Kiosk <small id="summary"></small></h1>
<section><h2>Functions</h2><ul id="functions"></ul>
  <h2 style="margin-top:1.5rem">Waiting events</h2><table id="pending"></table>
  <h2 style="margin-top:1.5rem">Dead letters</h2><table id="dead"></table></section>
<section class="feed"><h2>As it happens</h2><table id="feed"></table></section>
<script>
  const put = (id, rows) => { const body = document.getElementById(id); body.replaceChildren(...rows.map((cells) => {
    const tr = document.createElement('tr'); cells.forEach(([text, mark]) => { const td = document.createElement('td'); td.textContent = text ?? ''; if (mark) td.className = mark; tr.append(td) }); return tr })) }
  async function draw() {
    try {
      const { functions, pending, deadLetters, feed } = await (await fetch('/state')).json()
      const warm = functions.filter((f) => f.ready > 0).length
      document.getElementById('summary').textContent = warm + ' of ' + functions.length + ' functions warm'
      document.getElementById('functions').replaceChildren(...functions.map((f) => { const li = document.createElement('li')
        li.className = f.trouble || (f.lastCrash && !f.ready) ? 'bad' : f.inFlight + f.queued + f.starting > 0 ? 'busy' : f.ready ? 'warm' : ''
        li.title = f.trouble ?? f.lastCrash ?? (f.coldStarts + ' cold starts, the last took ' + Math.round(f.lastColdStartMs ?? 0) + ' ms')
        li.textContent = f.name + (f.ready > 1 ? ' ×' + f.ready : ''); return li }))
      const waiting = Object.entries(pending).filter(([, p]) => p.waiting + p.unsettled > 0)
      put('pending', waiting.length ? waiting.map(([name, p]) => [[name], [p.waiting + ' waiting, ' + p.unsettled + ' in delivery']]) : [[['none']]])
      put('dead', deadLetters.length ? deadLetters.map((d) => [[d.buriedAt.slice(11, 19)], [d.type], [d.trigger], [d.cause.code, 'bad']]) : [[['none']]])
      put('feed', feed.reverse().map((l) => [[l.at.slice(11, 23)], [l.what, l.warning ? 'bad' : ''], [l.subject.replace('shop.kiosk.', '')], [l.function], [l.ms === undefined ? '' : l.ms + ' ms'], [l.warning ?? '', 'bad']]))
    } catch { document.getElementById('summary').textContent = 'the platform does not answer' }
  }
  draw(); setInterval(draw, 1000)
</script>
</body>
</html>
`
