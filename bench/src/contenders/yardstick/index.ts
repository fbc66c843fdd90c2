// The yardstick: what Node can do at best with the same codec, and so what everything else is a share of.
import type { Contender } from '../../contender.ts'
import { connect } from './client.ts'
import { serve } from './server.ts'

export const contender: Contender = { serve, connect }
