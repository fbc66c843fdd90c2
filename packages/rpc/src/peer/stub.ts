// Stubs: objects with one function per method of a contract, made once per contract and session.
import { metadataToWire, type CallOptions, type MetadataValue } from '../call-options.ts'
import { runIntercepted, type InterceptedCall, type Interceptor } from '../interceptors.ts'
import type { ServiceDescription } from '../service/description.ts'
import type { Caller, RemoteMethod } from './caller.ts'
import type { Activities } from '../activity/activities.ts'
import type { Dialogues } from '../dialogue/dialogues.ts'
import type { Consumer } from './consumer.ts'
import { ownOptions } from '../own-options.ts'
import { remoteStreamOf } from '../stream-source.ts'
import type { SessionLimits } from '../limits.ts'

/** What the stubs of a session are made with. */
export interface StubParts {
  readonly caller: Caller
  readonly dialogues: Dialogues
  readonly activities: Activities
  readonly interceptors: readonly Interceptor[]
  readonly callDefaults: CallOptions
  readonly limits: SessionLimits
}

/** Makes the stubs of one session and keeps them. */
export class StubFactory {
  readonly #parts: StubParts
  readonly #stubs = new Map<ServiceDescription, StubObject>()

  constructor(parts: StubParts) {
    this.#parts = parts
  }

  stub(description: ServiceDescription): StubObject {
    let stub = this.#stubs.get(description)
    if (stub === undefined) {
      stub = this.#make(description)
      this.#stubs.set(description, stub)
    }
    return stub
  }

  #make(description: ServiceDescription): StubObject {
    const prototype: Record<string, unknown> = {}
    for (const method of description.methods.values()) {
      const remote: RemoteMethod = { service: description.name, description: method, ref: undefined }
      const invoke = this.#invoker(remote)
      prototype[method.name] = function (this: StubObject, ...args: unknown[]): unknown {
        return invoke(args, this[OPTIONS])
      }
    }
    Object.defineProperty(prototype, Symbol.toStringTag, { value: `Stub of ${description.name}` })
    return newStub(Object.freeze(prototype), this.#parts.callDefaults)
  }

  #invoker(remote: RemoteMethod): (args: unknown[], options: CallOptions) => unknown {
    const invoke = this.#plainInvoker(remote)
    return this.#parts.interceptors.length === 0 ? invoke : this.#intercepted(remote, invoke)
  }

  #plainInvoker(remote: RemoteMethod): (args: unknown[], options: CallOptions) => unknown {
    const { caller, dialogues, activities } = this.#parts
    const begin = {
      unary: (args: unknown[], options: CallOptions): unknown => caller.unary(remote, args, options),
      stream: (args: unknown[], options: CallOptions): unknown => caller.stream(remote, args, options),
      dialogue: (args: unknown[], options: CallOptions): unknown => dialogues.begin(remote, args, options),
      activity: (args: unknown[], options: CallOptions): unknown => activities.begin(remote, args, options),
    }
    return begin[remote.description.kind]
  }

  #intercepted(
    remote: RemoteMethod,
    invoke: (args: unknown[], options: CallOptions) => unknown,
  ): (args: unknown[], options: CallOptions) => unknown {
    const { service, description } = remote
    const { name: method, kind } = description
    const { interceptors, limits } = this.#parts
    return (args, options) => {
      const given = metadataToWire(options.metadata ?? {}, limits.metadataLength)
      const metadata = new Map<string, MetadataValue>(Object.entries(given))
      const call: InterceptedCall = { side: 'caller', service, method, kind, args, metadata }
      let made: unknown
      const last = (): unknown => (made = invoke(args, ownOptions({ ...options, metadata })))
      const run = (): unknown => runIntercepted(interceptors, call, last)
      if (kind === 'stream')
        return remoteStreamOf(run(), () => void (made as Consumer<unknown> | undefined)?.return())
      if (kind === 'dialogue' || kind === 'activity') return run()
      return new Promise((resolve) => resolve(run()))
    }
  }
}

/**
 * The same stub with other options: they hold for the calls made through what this returns, and add to the
 * options the stub already has.
 *
 *     await withOptions(shop, { timeout: 500, signal }).buy('a-1', 1)
 */
export function withOptions<S extends object>(stub: S, options: CallOptions): S {
  const current = (stub as Partial<StubObject>)[OPTIONS]
  if (current === undefined) throw new TypeError('withOptions: the first argument must be a stub')
  return newStub(Object.getPrototypeOf(stub) as object, ownOptions({ ...current, ...options })) as S
}

const OPTIONS: unique symbol = Symbol('options of the stub')

/** A stub as it is inside: the contract's methods stand on its prototype. */
export interface StubObject {
  readonly [OPTIONS]: CallOptions
}

function newStub(prototype: object, options: CallOptions): StubObject {
  return Object.create(prototype, { [OPTIONS]: { value: options } }) as StubObject
}
