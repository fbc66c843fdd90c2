// Stubs: objects with one function per method of a contract, made once per contract and session.
import { metadataToWire, type CallOptions, type MetadataValue } from '../call-options.ts'
import { runIntercepted, type InterceptedCall, type Interceptor } from '../interceptors.ts'
import type { MethodDescription, ServiceDescription } from '../service/description.ts'
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
    const invokers = new Map<MethodDescription, Invoker>()
    const invokerOf = (method: MethodDescription): Invoker => {
      const remote: RemoteMethod = { service: description.name, description: method, ref: undefined }
      const invoker = this.#invoker(remote)
      invokers.set(method, invoker)
      return invoker
    }
    const invoke: Invoke = (method, args, options) =>
      (invokers.get(method) ?? invokerOf(method))(args, options)
    return newStub(prototypeOf(description), { invoke, options: this.#parts.callDefaults })
  }

  #invoker(remote: RemoteMethod): Invoker {
    const invoke = this.#plainInvoker(remote)
    return this.#parts.interceptors.length === 0 ? invoke : this.#intercepted(remote, invoke)
  }

  #plainInvoker(remote: RemoteMethod): Invoker {
    const { caller, dialogues, activities } = this.#parts
    switch (remote.description.kind) {
      case 'unary':
        return (args, options) => caller.unary(remote, args, options)
      case 'stream':
        return (args, options) => caller.stream(remote, args, options)
      case 'dialogue':
        return (args, options) => dialogues.begin(remote, args, options)
      default:
        return (args, options) => activities.begin(remote, args, options)
    }
  }

  #intercepted(remote: RemoteMethod, invoke: Invoker): Invoker {
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
  const inside = (stub as Partial<StubObject>)[INSIDE]
  if (inside === undefined) throw new TypeError('withOptions: the first argument must be a stub')
  const { invoke, options: current } = inside
  const all = ownOptions({ ...current, ...options })
  return newStub(Object.getPrototypeOf(stub) as object, { invoke, options: all }) as S
}

/** Makes calls of one method. */
type Invoker = (args: unknown[], options: CallOptions) => unknown

/** Makes a call of any method of the stub's contract. */
type Invoke = (method: MethodDescription, args: unknown[], options: CallOptions) => unknown

const INSIDE: unique symbol = Symbol('inside of the stub')

/** A stub as it is inside: the contract's methods stand on its prototype. */
export interface StubObject {
  readonly [INSIDE]: { readonly invoke: Invoke; readonly options: CallOptions }
}

function newStub(prototype: object, inside: StubObject[typeof INSIDE]): StubObject {
  return Object.create(prototype, { [INSIDE]: { value: inside } }) as StubObject
}

/** The methods of a contract as the stubs of all sessions have them. */
function prototypeOf(description: ServiceDescription): object {
  const known = prototypes.get(description)
  if (known !== undefined) return known
  const prototype: Record<string, unknown> = {}
  for (const method of description.methods.values()) {
    prototype[method.name] = function (this: Partial<StubObject> | undefined, ...args: unknown[]): unknown {
      const inside = this?.[INSIDE]
      if (inside === undefined) throw new TypeError(alone(method.name))
      return inside.invoke(method, args, inside.options)
    }
  }
  Object.defineProperty(prototype, Symbol.toStringTag, { value: `Stub of ${description.name}` })
  prototypes.set(description, Object.freeze(prototype))
  return prototype
}

function alone(method: string): string {
  return `"${method}" was called without its stub: call it as stub.${method}(...)`
}

const prototypes = new WeakMap<ServiceDescription, object>()
