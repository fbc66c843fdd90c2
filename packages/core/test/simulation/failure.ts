// How a simulation says that what must not happen has happened.

export class SimulationFailure extends Error {
  override readonly name = 'SimulationFailure'
}
