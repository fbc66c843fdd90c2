// Watching what crosses a transport.
export { tap } from './tap.ts'
export type { TapConnected, TapData, TapEnded, TapEvent, TapSink } from './tap.ts'
export { text } from './text.ts'
