import { totalmem } from 'node:os'
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { logWith } from '#runtime/log'

/** Bytes in use, and how many may be before new requests are refused. */
interface Share {
  used: number
  most: number
}

/** How memory is looked at, and how what nobody needs any more is thrown away. */
export interface Memory {
  shares: () => readonly Share[]
  collect: () => void
  /** Milliseconds, ever growing. */
  now: () => number
}

/** More than any function's `containerConcurrency`: it counts only where nothing that knows that number stands in front. */
const MOST_REQUESTS = 256

const LOOK_MS = 10
/** Tens of milliseconds each: at the most some percent of the time. */
const COLLECT_MS = 1_000
const TELL_MS = 10_000

/** What is said with the 503. */
export const LATER = { 'Retry-After': '1' }

/** Tells when a process has enough to do, so that it answers what it began and is not killed with all of it. */
export class Overload {
  #full = false
  #lookedAt = -Infinity
  #collectedAt = -Infinity
  #toldAt = -Infinity

  constructor(private readonly memory: Memory = OURS) {}

  /**
   * Whether a new request must be refused while so many are under way. Memory is looked at a hundred times a second at the
   * most, and what seems too much is looked at again without the garbage. One request at a time is always taken: a process
   * that refused everybody would never do the work that makes room.
   */
  refuses(underWay: number): boolean {
    if (underWay === 0) return false
    const isFull = underWay >= MOST_REQUESTS || this.#isMemoryFull()
    if (isFull) this.#tell(underWay)
    return isFull
  }

  #isMemoryFull(): boolean {
    const { now, collect } = this.memory
    if (now() - this.#lookedAt < LOOK_MS) return this.#full
    this.#lookedAt = now()
    this.#full = this.#isOver()
    if (this.#full && now() - this.#collectedAt >= COLLECT_MS) {
      this.#collectedAt = now()
      collect()
      this.#full = this.#isOver()
    }
    return this.#full
  }

  #isOver(): boolean {
    return this.memory.shares().some(({ used, most }) => used > most)
  }

  #tell(underWay: number): void {
    const { now, shares } = this.memory
    if (now() - this.#toldAt < TELL_MS) return
    this.#toldAt = now()
    logWith({}).warn('enough to do: new requests are refused for a while', { underWay, memory: shares() })
  }
}

/** V8's three semi-spaces of 16 MiB: a part of its limit that what lives long has no use of. */
const YOUNG_BYTES = 3 * 16 * 1_048_576

/** What of the heap may live: from four fifths of the old generation on, V8 counts collections that do not help, and ends. */
export const mostHeap = (heapLimit: number): number => 0.75 * Math.max(heapLimit - YOUNG_BYTES, heapLimit / 2)

/** What of the container's memory may be used, if its cgroup has a limit (`memory.max`) below what the machine has. */
export const mostMemory = (constrained: number | undefined, machine: number): number =>
  constrained && constrained < machine ? 0.9 * constrained : Infinity

const MOST_HEAP = mostHeap(getHeapStatistics().heap_size_limit)
const MOST_MEMORY = mostMemory(process.constrainedMemory(), totalmem())

function shares(): Share[] {
  const old = getHeapSpaceStatistics().filter(({ space_name: name }) => !name.startsWith('new_'))
  return [
    { used: old.reduce((sum, space) => sum + space.space_used_size, 0), most: MOST_HEAP },
    { used: process.memoryUsage.rss(), most: MOST_MEMORY },
  ]
}

/** V8 itself collects only when it needs room, which is nearer to the end than we let it come. */
function collect(): void {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  gc()
}

const OURS: Memory = { shares, collect, now: () => performance.now() }
