// Plain objects and arrays of another realm (a frame, a vm context), whose prototypes are not this realm's.

/** Whether an object with this prototype is a plain object of some realm. */
export function isPlainPrototype(prototype: object): boolean {
  if (prototype === Object.prototype) return true
  // Every Object.prototype has this method of its own, and no prototype above it.
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf')
}

/** Whether an array with this prototype is a plain array of some realm, which subclasses of Array are not. */
export function isArrayPrototype(prototype: object): boolean {
  // Every Array.prototype is an array itself.
  return Array.isArray(prototype)
}

/** Whether a value is an Error of some realm, whatever its class. */
export function isError(value: object): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
}
