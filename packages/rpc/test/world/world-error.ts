/** The first thing that was wrong with a world. */
export class WorldError extends Error {
  override readonly name = 'WorldError'
}
