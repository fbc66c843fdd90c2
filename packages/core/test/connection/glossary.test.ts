// The glossary against what it translates: every name in it exists on the other side of the bridge.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { services, tokenBits, unitBits } from '../../src/index.ts'
import { SessionConnection } from '../../src/connection/session-connection.ts'
import { englishState } from '../../src/connection/glossary.ts'
import { incomingEvents } from '../../src/machine/events.ts'
import { states } from '../../src/machine/index.ts'
import { outgoing } from '../../src/machine/outgoing.ts'
import { functionalUnit, spduTable, tokenBit } from '../../src/spdu/index.ts'
import { glossaryPage } from './glossary-page.ts'

describe('the glossary', () => {
  it('names every request of the machine once, and nothing else', () => {
    const events = Object.keys(incomingEvents).filter((event) => /^S.*(req|rsp)/.test(event))
    const requests = events.filter((event) => !/\(.\)|SSYNmdreq/.test(event))
    expect(services.flatMap((service) => service.requests).toSorted()).toEqual(requests.toSorted())
  })

  it('names every indication of the machine once', () => {
    const indications = Object.keys(outgoing).filter(
      (event) => /^S.*(ind|cnf)/.test(event) && event !== 'SxABind',
    )
    const named = services.flatMap((service) => service.indications)
    expect(named.toSorted()).toEqual([...indications, 'SUABind'].toSorted())
  })

  it('names SPDUs that there are, each once, and methods that a session connection has', () => {
    const elsewhere = ['', 'openSession', 'accept', 'refuse', 'question.accept', 'question.refuse']
    for (const { method } of services) {
      if (!elsewhere.includes(method)) expect(SessionConnection.prototype).toHaveProperty(method)
    }
    const spdus = services.flatMap((service) => service.spdus).filter((spdu) => spdu !== 'AB')
    // AB serves both S-U-ABORT and S-P-ABORT; PR goes ahead of others and is no service's own.
    expect([...spdus, 'AB', 'PR'].toSorted()).toEqual(Object.keys(spduTable).toSorted())
  })

  it('has every functional unit, every token and every state', () => {
    expect([...unitBits.values()]).toEqual(Object.values(functionalUnit))
    expect([...tokenBits.values()]).toEqual(Object.values(tokenBit))
    const english = new Set(['opening', 'open', 'releasing', 'release-requested', 'closed'])
    for (const state of states) expect(english).toContain(englishState(state))
  })

  it('is what docs/glossary.md says (UPDATE=1 writes it)', () => {
    const path = new URL('../../../../docs/glossary.md', import.meta.url)
    if (process.env['UPDATE'] === '1') {
      mkdirSync(new URL('.', path), { recursive: true })
      writeFileSync(path, glossaryPage())
    } else expect(readFileSync(path, 'utf8')).toBe(glossaryPage())
  })
})
