import pg from 'pg'
import type { BenchPlatform } from './bench-platform'
import type { Leftovers } from './leftovers'
import { median, type Row } from './row'

const PRODUCTS = 100_000
const TIMES = 30
const TARGET_MS = 50

/**
 * A catalogue like a large shop's: names of a maker, a quality, a material and a thing, each from a list, so that some words
 * are in a tenth of all names and others in a few. Numbers decide, so it is the same in every run.
 */
const FILL = `
  insert into products (sku, name, description, category, category_slug, list_price, price, currency, added_at)
  select 'ITEM-' || n, initcap(concat_ws(' ', maker, quality, material, thing)),
         'A ' || quality || ' ' || thing || ' of ' || material || ', made by ' || maker || ' for everyday use.',
         'Range ' || n % 40, 'range-' || n % 40, 100 + n * 7919 % 20000, 100 + n * 7919 % 20000, 'EUR',
         timestamptz '2026-01-01' + n * interval '1 minute'
    from generate_series($1::int, $2::int) as n,
         lateral (select (array[${words('amber basil cedar delta ember flint gable heron indigo juniper')}])[1 + n % 10]
                         || chr(97 + n / 10 % 26) || chr(97 + n / 260 % 26) as maker,
                         (array[${words('light sturdy soft bright plain warm quiet folding small grand')}])[1 + n / 7 % 10] as quality,
                         (array[${words('oak linen copper wool glass steel cork clay paper silk leather stone')}])[1 + n / 13 % 12] as material,
                         (array[${words('lamp chair kettle blanket bowl shelf basket vase notebook scarf bench clock mirror stool tray jug')}])[1 + n / 3 % 16] as thing) as made`

function words(list: string): string {
  return list
    .split(' ')
    .map((word) => `'${word}'`)
    .join(', ')
}

const ASKED: [what: string, query: (nth: number) => string][] = [
  ['the first page, without words', (nth) => `pageSize=${10 + nth}`],
  ['a word of a few products', (nth) => `q=cedar${letter(nth)}${letter(nth + 5)}`],
  ['two words', (nth) => `q=${of(THINGS, nth)}+${of(MATERIALS, nth)}`],
  ['a word with a slip', (nth) => `q=juniper${letter(nth)}x${letter(nth + 3)}x`],
  ['a word of a tenth of all', (nth) => `q=${of(QUALITIES, nth)}&maxPrice=${15_000 + nth}`],
  ['a category by price', (nth) => `category=Range+${nth}&sort=price`],
]
const THINGS = ['lamp', 'chair', 'kettle', 'blanket', 'bowl', 'shelf', 'basket', 'vase', 'clock', 'mirror']
const MATERIALS = ['oak', 'linen', 'copper', 'wool', 'glass', 'steel', 'cork']
const QUALITIES = ['light', 'sturdy', 'soft', 'bright', 'plain', 'warm', 'quiet', 'folding', 'small', 'grand']
const letter = (nth: number) => String.fromCharCode(97 + (nth % 26))
const of = (list: readonly string[], nth: number) => list[nth % list.length]!

/**
 * Searches among 100,000 products through the gateway, no question asked twice, beside the answer that costs least: one
 * product by its SKU.
 */
export async function measureCatalogue(platform: BenchPlatform, left: Leftovers): Promise<Row[]> {
  const client = new pg.Client({ connectionString: platform.databaseUrl('catalog') })
  await client.connect()
  left.add(() => client.end())
  await client.query(
    `insert into categories (slug, name, declared) select 'range-' || n, 'Range ' || n, true from generate_series(0, 39) as n`,
  )
  for (let at = 1; at <= PRODUCTS; at += 10_000) {
    await client.query(FILL, [at, at + 9_999])
    console.error(`  ${at + 9_999} products`)
  }
  await client.query('vacuum analyze')
  const url = platform.shop.url
  const floor = await medianOf((nth) => `${url}/v1/products/ITEM-${1 + nth * 331}`)
  const rows: Row[] = []
  for (const [what, query] of ASKED) {
    const value = await medianOf((nth) => `${url}/v1/products?${query(nth)}`)
    rows.push({
      what: `search among 100,000: ${what}`,
      unit: 'ms',
      value,
      n: TIMES,
      floor: { what: 'one product by its SKU', value: floor },
      target: TARGET_MS,
    })
  }
  return rows
}

async function medianOf(address: (nth: number) => string): Promise<number> {
  await fetch(address(TIMES)).then((answer) => answer.arrayBuffer())
  const taken: number[] = []
  for (let nth = 0; nth < TIMES; nth++) {
    const began = performance.now()
    const answer = await fetch(address(nth))
    await answer.arrayBuffer()
    taken.push(performance.now() - began)
    if (answer.status !== 200) throw new Error(`${address(nth)} answered ${answer.status}`)
  }
  return median(taken)
}
