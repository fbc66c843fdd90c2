// What tests of code on the session layer need. Runs in Node and in browsers.

// A transport in memory, and its faults
export { memory, type MemoryOptions, type MemoryTransport } from './memory.ts'
export type { Direction, MemoryLink } from './memory-link.ts'

// Faults around any transport
export { faulty, type FaultyLink, type FaultyOptions, type FaultyTransport } from './faulty.ts'

// Time and chance under control
export { VirtualClock } from './virtual-clock.ts'
export { seeded, type SeededRandom } from './random.ts'
export { turns } from './turns.ts'

// A database that several nodes use, and its faults
export {
  SimulatedDatabase,
  type SimulatedDatabaseOptions,
  type SimulatedStore,
  type SimulatedTransaction,
  type StoreFault,
} from './simulated-store.ts'

// Contract suites for adapters, and what must survive on them
export { describeTransport } from './describe-transport.ts'
export { describeRecovery, type RecoveryFixture } from './describe-recovery.ts'
export { describeStore } from './describe-store.ts'
export type { StoreFixture } from './contract/store/rig.ts'
export type { TestApi, TransportFixture } from './contract/rig.ts'
export { Recorder } from './contract/recorder.ts'
