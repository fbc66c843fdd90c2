// What the nodes offer: a till whose sales must happen once, whatever is killed.
import { activity, remote, service, unary, type Activity } from '@parley/rpc'

@service('till.v1')
export abstract class Till {
  /** Sells once or not at all; when nobody can say which, the caller is told so. */
  @unary() sell(sale: number): Promise<number> {
    return remote(sale)
  }
  /** Orders again after a crash, with the same key, by which the supplier knows it. */
  @unary({ effect: 'keyed' }) order(order: number): Promise<number> {
    return remote(order)
  }
  /** May be asked as often as one likes. */
  @unary({ idempotent: true }) price(of: number): Promise<number> {
    return remote(of)
  }
  /** Counts a stock, shelf after shelf; tells the sum after each. Goes on from the last ten shelves. */
  @activity() count(stock: number, shelves: number): Activity<number, number> {
    return remote(stock, shelves)
  }
}
