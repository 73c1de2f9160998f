/**
 * The error for stored data that a service cannot work with, however often it is started: one sentence with the cause
 * and both ways out. `what` is in `place`, a file or folder.
 */
export const damaged = (what: string, place: string, cause: string): Error =>
  new Error(
    `The ${what} in ${place} cannot be read (${cause.replace(/[.\s]+$/, '')}): restore a backup of it, or run ` +
      '"npm start -- --fresh" to begin anew, which forgets all data.',
  )
