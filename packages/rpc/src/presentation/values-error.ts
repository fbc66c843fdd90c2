// Errors as values. What travels: name, message, own enumerable properties, cause, the errors of an
// AggregateError. The stack never does, and neither does the class, except for those the language has.
import { MalformedError, ValueError } from './codec.ts'

/** What is sent for an error: [name, message, own properties, { cause?, errors? }]. */
export function errorToParts(
  error: Error,
): [string, string, Record<string, unknown>, Record<string, unknown>] {
  const { name, message } = error
  if (typeof message !== 'string') throw new ValueError([], NO_MESSAGE)
  const own = Object.entries(error).filter(([key]) => !hiddenKeys.has(key))
  const hidden: Record<string, unknown> = {}
  if (Object.hasOwn(error, 'cause')) hidden['cause'] = error.cause
  const errors = Object.getOwnPropertyDescriptor(error, 'errors')
  if (errors?.enumerable === false) hidden['errors'] = errors.value
  return [typeof name === 'string' ? name : 'Error', message, Object.fromEntries(own), hidden]
}

/** The error again, without a stack of its own. */
export function errorFromParts(parts: unknown): Error {
  if (!Array.isArray(parts)) throw malformed()
  const [name, message, own, hidden] = parts as unknown[]
  if (typeof name !== 'string' || typeof message !== 'string' || !isRecord(own) || !isRecord(hidden))
    throw malformed()
  const error = withoutFrames(name, message)
  if (error.name !== name) define(error, 'name', name, false)
  define(error, 'stack', message === '' ? name : `${name}: ${message}`, false)
  for (const [key, value] of Object.entries(own)) if (!hiddenKeys.has(key)) define(error, key, value, true)
  if (Object.hasOwn(hidden, 'cause')) define(error, 'cause', hidden['cause'], false)
  if (Object.hasOwn(hidden, 'errors')) define(error, 'errors', hidden['errors'], false)
  return error
}

/** Collecting the frames of the decoder would take ten times as long as all the rest. */
function withoutFrames(name: string, message: string): Error {
  const { stackTraceLimit } = frames
  // Reflect.set, since where the intrinsics are frozen an assignment would throw.
  if (stackTraceLimit !== undefined) Reflect.set(frames, 'stackTraceLimit', 0)
  const error =
    name === 'AggregateError' ? new AggregateError([], message) : new (classes.get(name) ?? Error)(message)
  if (stackTraceLimit !== undefined) Reflect.set(frames, 'stackTraceLimit', stackTraceLimit)
  return error
}

/** V8 lets one say how many frames an Error collects. */
const frames: ErrorConstructor & { readonly stackTraceLimit?: number } = Error

/** The classes of errors that arrive as they were; so does AggregateError. */
export const errorClasses: readonly (new (message: string) => Error)[] = [
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
]

const classes: ReadonlyMap<string, new (message: string) => Error> = new Map(
  errorClasses.map((type) => [type.name, type]),
)

const NO_MESSAGE = 'an Error whose message is not a string cannot travel'

/** Never among an error's own properties: they travel in fields of their own, or not at all. */
const hiddenKeys: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause'])

function define(error: Error, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function malformed(): MalformedError {
  return new MalformedError('an Error that is not [name, message, properties, hidden properties]')
}
