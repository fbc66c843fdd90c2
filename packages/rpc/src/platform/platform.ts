// The few things taken from the platform, found at load so that one build serves Node and browsers.
import type { AbortSignalLike } from '@parley/core'

/**
 * The platform's own AbortSignal type where the program has one (DOM or Node
 * types), else its structural part.
 */
export type PlatformAbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } }
  ? Signal
  : AbortSignalLike

/** The platform's AbortController, as far as it is used here. */
export interface AbortControllerLike {
  readonly signal: PlatformAbortSignal
  abort(reason?: unknown): void
}

interface AsyncLocalStorageLike<Store> {
  run<Argument, Result>(store: Store, body: (argument: Argument) => Result, argument: Argument): Result
  getStore(): Store | undefined
}

interface Platform {
  TextEncoder: new () => { encode(text: string): Uint8Array }
  TextDecoder: new (label: string, options: { ignoreBOM: boolean }) => { decode(octets: Uint8Array): string }
  AbortController: new () => AbortControllerLike
  queueMicrotask(callback: () => void): void
  console: { error(...args: unknown[]): void }
  process?: {
    nextTick?(callback: () => void): void
    getBuiltinModule?(
      name: 'node:async_hooks',
    ): { AsyncLocalStorage: new <Store>() => AsyncLocalStorageLike<Store> } | undefined
  }
}

const platform = globalThis as unknown as Platform
const hooks = platform.process?.getBuiltinModule?.('node:async_hooks')

/**
 * Runs `callback` when the work at hand is done. In Node that is after all pending promise reactions, so that
 * everything they cause leaves in one write; elsewhere it is a microtask.
 */
export const defer: (callback: () => void) => void =
  platform.process?.nextTick === undefined
    ? (callback) => platform.queueMicrotask(callback)
    : platform.process.nextTick.bind(platform.process)

/** A fresh AbortController of the platform. */
export function newAbortController(): AbortControllerLike {
  return new platform.AbortController()
}

/** Text as UTF-8 octets. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

const encoder = new platform.TextEncoder()

/** Milliseconds since 1970: for retention alone, never for durations. */
export function wallClock(): number {
  return Date.now()
}

/** A decoder of UTF-8 that keeps a byte order mark. */
export function newTextDecoder(): { decode(octets: Uint8Array): string } {
  return new platform.TextDecoder('utf-8', { ignoreBOM: true })
}

/** Writes one report for the developer to the platform's error console. */
export function reportToConsole(...words: unknown[]): void {
  platform.console.error(...words)
}

/**
 * A value that follows the code which runs under it; across `await` where the platform
 * can do that (Node, Bun, Deno).
 */
export interface Ambient<Store> {
  readonly run: <Argument, Result>(
    store: Store,
    body: (argument: Argument) => Result,
    argument: Argument,
  ) => Result
  readonly get: () => Store | undefined
  /** True when what promises lead to is still under the value their `then` was called under. */
  readonly follows: boolean
}

/**
 * Makes an {@link Ambient}. Without AsyncLocalStorage it reaches as far as the synchronous part of `body`.
 */
export function ambient<Store>(): Ambient<Store> {
  if (hooks !== undefined) {
    const storage = new hooks.AsyncLocalStorage<Store>()
    return { run: storage.run.bind(storage), get: storage.getStore.bind(storage), follows: true }
  }
  let current: Store | undefined
  return {
    run(store, body, argument) {
      const outer = current
      current = store
      try {
        return body(argument)
      } finally {
        current = outer
      }
    },
    get: () => current,
    follows: false,
  }
}
