const ISO_8601 = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
const GO = /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/

/** Milliseconds of an ISO 8601 duration without years and months (`PT0.5S`, `P1DT2H`), or undefined if it is not one. */
export function isoMilliseconds(text: string): number | undefined {
  const parts = ISO_8601.exec(text)
  if (!parts || /[PT]$/.test(text)) return undefined
  const [days, hours, minutes, seconds] = numbersOf(parts)
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
}

/** Seconds of a duration as Go and Knative's annotations write it (`60s`, `2m`, `1h30m`), or undefined. */
export function goSeconds(text: string): number | undefined {
  const parts = GO.exec(text)
  if (!parts || text === '') return undefined
  const [hours, minutes, seconds, milliseconds] = numbersOf(parts)
  return (hours * 60 + minutes) * 60 + seconds + milliseconds / 1000
}

/** A part that is not written is undefined, whatever RegExpExecArray says. */
const numbersOf = (parts: (string | undefined)[]) => parts.slice(1).map((part) => Number(part ?? 0)) as Four

type Four = [number, number, number, number]
