/** An amount in minor units as people read it: 2100 EUR is `€21.00`, 2100 JPY is `¥2,100`. */
export function shownMoney(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(amount / 10 ** digits)
}
