// The glossary against what it translates: every name in it exists on the other side of the bridge.

import { describe, expect, it } from 'vitest'

import { services, tokenBits, unitBits } from '../../src/index.ts'
import { SessionConnection } from '../../src/connection/session-connection.ts'
import { englishState } from '../../src/connection/glossary.ts'
import { incomingEvents } from '../../src/machine/events.ts'
import { states } from '../../src/machine/index.ts'
import { outgoing } from '../../src/machine/outgoing.ts'
import { functionalUnit, spduTable, tokenBit } from '../../src/spdu/index.ts'

describe('the glossary', () => {
  it('names every request of the machine once, and nothing else', () => {
    const requests = Object.keys(incomingEvents).filter((event) => /^S.*(req|rsp)/.test(event))
    expect(services.flatMap((service) => service.requests).toSorted()).toEqual(requests.toSorted())
  })

  it('names every indication of the machine once', () => {
    const indications = Object.keys(outgoing).filter(
      (event) => /^S.*(ind|cnf)/.test(event) && event !== 'SxABind',
    )
    const named = services.flatMap((service) => service.indications)
    expect(named.toSorted()).toEqual([...indications, 'SUABind'].toSorted())
  })

  it('names SPDUs that there are, and methods that a session connection has', () => {
    for (const { spdus, method } of services) {
      expect(Object.keys(spduTable)).toEqual(expect.arrayContaining([...spdus]))
      if (['', 'openSession', 'accept', 'refuse', 'answer.accept', 'answer.refuse'].includes(method)) continue
      expect(SessionConnection.prototype).toHaveProperty(method)
    }
  })

  it('has every functional unit, every token and every state', () => {
    expect([...unitBits.values()]).toEqual(Object.values(functionalUnit))
    expect([...tokenBits.values()]).toEqual(Object.values(tokenBit))
    const english = new Set(['opening', 'open', 'releasing', 'release-requested', 'closed'])
    for (const state of states) expect(english).toContain(englishState(state))
  })
})
