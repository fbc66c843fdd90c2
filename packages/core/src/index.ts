// The public face of the session layer: a table of contents, nothing else.

// Ports: what the session layer needs from outside, and the clock it uses unless given one
export type { Clock, Timer } from './ports/clock.ts'
export type { Random } from './ports/random.ts'
export {
  type AbortSignalLike,
  type Transport,
  type TransportConnection,
  TransportError,
  type TransportErrorCode,
  type TransportListener,
  type TransportListening,
  type TransportLoss,
} from './ports/transport.ts'
export { systemClock } from './system-clock.ts'

// Watching what crosses a transport
export {
  tap,
  text,
  type TapConnected,
  type TapData,
  type TapEnded,
  type TapEvent,
  type TapSink,
} from './tap/index.ts'
