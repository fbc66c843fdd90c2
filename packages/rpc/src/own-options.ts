// Options as their giver gave them: own properties only, so that nothing is read from a prototype that was
// tampered with.

/** A copy of the own properties of `options` that inherits from nothing. */
export function ownOptions<Options extends object>(options: Options): Options {
  return Object.assign(Object.create(null) as Options, options)
}
