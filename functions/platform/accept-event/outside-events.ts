import type { EventDefinition } from '#runtime/event'

/** The events that come from outside, by their CloudEvents type. */
export type OutsideEvents = ReadonlyMap<string, EventDefinition>

/** Loads the classes of events by their paths: each is a folder of events/platform, and a bundle has them all. */
export async function outsideEvents(paths: readonly string[]): Promise<OutsideEvents> {
  const definitions = await Promise.all(
    paths.map(async (path) => {
      const [, name = ''] = path.split('/')
      const module = (await import(`../../../events/platform/${name}/event.ts`)) as Record<
        string,
        EventDefinition
      >
      const definition = Object.values(module).find((value) => value.path === path)
      if (!definition) throw new Error(`events/${path}/event.ts does not define its event`)
      return definition
    }),
  )
  return new Map(definitions.map((definition) => [definition.type, definition]))
}
