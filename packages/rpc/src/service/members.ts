// Looks members up on an object and its classes, and not on Object.prototype, which may be polluted.

/**
 * The value of `object[name]`, or undefined when neither the object nor a class of its has it.
 * Object.prototype is not searched. `name` comes from a service's own description, never from a peer.
 */
export function memberOf(object: object, name: PropertyKey): unknown {
  for (const place of chainOf(object)) {
    if (Object.hasOwn(place, name)) return Reflect.get(place, name, object)
  }
  return undefined
}

/** The object and its prototypes, short of Object.prototype. */
export function* chainOf(object: object): Generator<object> {
  let place: object | null = object
  while (place !== null && place !== Object.prototype) {
    yield place
    place = Object.getPrototypeOf(place) as object | null
  }
}
