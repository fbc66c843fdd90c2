// A real call over real TCP as others see it: in text, and in a capture that
// tshark reads without a complaint.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tap, text } from '@parley/core'
import { connect, implement, serve } from '@parley/rpc'
import { pcap, tcp } from '@parley/transport-tcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Hello } from '../hello/service.ts'

const folder = mkdtempSync(join(tmpdir(), 'parley-wire-'))
const file = join(folder, 'call.pcap')
const lines: string[] = []
let answer = ''

beforeAll(async () => {
  const hello = implement(Hello, { greet: async (name) => `Hello, ${name}!` })
  await using server = await serve({ listen: tcp({ host: '127.0.0.1', port: 0 }), services: [hello] })
  const capture = pcap(file)
  const plain = tcp({ host: '127.0.0.1', port: server.port ?? 0 })
  const client = await connect(
    tap(
      tap(plain, capture),
      text((line) => lines.push(line)),
    ),
  )
  answer = await client.stub(Hello).greet('world')
  await client.close()
  capture.close()
})

afterAll(() => rmSync(folder, { recursive: true }))

it('in text: connect, accept, one SSDU each way, release', () => {
  expect(answer).toBe('Hello, world!')
  const spdus = lines.map((line) => / (CN|AC|GT · DT|FN|DN) /.exec(`${line} `)?.[1]).filter(Boolean)
  expect(spdus).toEqual(['CN', 'AC', 'GT · DT', 'GT · DT', 'FN', 'DN'])
})

describe.runIf(hasTshark())('to tshark', () => {
  it('the same session PDUs, in order, none malformed', () => {
    // SI 13 CONNECT, 14 ACCEPT, 1 and 1 GIVE TOKENS and DATA TRANSFER, 9 FINISH, 10 DISCONNECT.
    expect(tshark('ses', 'ses.type')).toEqual(['13', '14', '1,1', '1,1', '9', '10'])
    expect(tshark('_ws.malformed', 'frame.number')).toEqual([])
  })
})

function hasTshark(): boolean {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function tshark(filter: string, field: string): string[] {
  const args = ['-r', file, '-d', 'tcp.port==102,tpkt', '-Y', filter, '-T', 'fields', '-e', field]
  const output = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return output.split('\n').filter((line) => line !== '')
}
