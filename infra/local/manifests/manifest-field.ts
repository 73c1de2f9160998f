/** A place in a manifest: what stands there, where that is, and a sentence that names file and place when it is wrong. */
export class Field {
  constructor(
    private readonly value: unknown,
    private readonly file: string,
    private readonly place = '',
  ) {}

  /** The field below; each word is one key, so that keys with dots can be named. */
  at(...keys: (string | number)[]): Field {
    return keys.reduce<Field>((field, key) => {
      const { value, file, place } = field
      const below =
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
      return new Field(below, file, place === '' ? String(key) : `${place}.${key}`)
    }, this)
  }

  get isThere(): boolean {
    return this.value !== undefined && this.value !== null
  }

  text(otherwise?: string): string {
    if (!this.isThere && otherwise !== undefined) return otherwise
    return typeof this.value === 'string' ? this.value : this.wrong('must be text')
  }

  /** A whole number of at least 0; annotations write it as text. */
  count(otherwise?: number): number {
    if (!this.isThere && otherwise !== undefined) return otherwise
    const number = typeof this.value === 'string' && this.value !== '' ? Number(this.value) : this.value
    return Number.isInteger(number) && Number(number) >= 0
      ? Number(number)
      : this.wrong('must be a whole number')
  }

  oneOf<T extends string>(...words: T[]): T {
    return words.find((word) => word === this.value) ?? this.wrong(`must be ${words.join(' or ')}`)
  }

  /** Text that `read` understands. */
  read<T>(read: (text: string) => T | undefined, expected: string, otherwise?: string): T {
    return read(this.text(otherwise)) ?? this.wrong(`must be ${expected}`)
  }

  items(): Field[] {
    return Array.isArray(this.value) ? this.value.map((_, index) => this.at(index)) : []
  }

  /** Names to texts, e.g. labels; empty when there are none. */
  texts(): Record<string, string> {
    if (!this.isThere) return {}
    const names = Object.keys(this.value as object)
    return Object.fromEntries(names.map((name) => [name, this.at(name).text()]))
  }

  /** Refuses the manifest. */
  wrong(why: string): never {
    throw new Error(`${this.file}: ${this.place} ${why}`)
  }
}
