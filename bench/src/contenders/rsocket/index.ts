// RSocket over TCP: of the known JavaScript RPC libraries the fastest one with streams under flow control.
import type { Contender } from '../../contender.ts'
import { connect } from './client.ts'
import { serve } from './server.ts'

export const contender: Contender = { serve, connect }
