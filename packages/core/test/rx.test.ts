// The classes of rxjs are the user's own, wherever they are taken from.
import * as rxjs from 'rxjs'
import { expect, it } from 'vitest'
import * as rx from '../src/rx.ts'

it.each(Object.entries(rx))('%s is the one of rxjs', (name, taken) => {
  expect(new Map<string, unknown>(Object.entries(rxjs)).get(name)).toBe(taken)
})
