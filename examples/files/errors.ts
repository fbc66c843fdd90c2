// What callers are told about a path: RpcErrors that name the path as the caller gave it. The server's own
// paths, which the messages of node:fs contain, never leave it.
import { RpcError, type RpcErrorCode } from '@parley/rpc'
import type { PathDetails } from './contract.ts'

/** An error about a path. With `not-started` as its outcome the caller knows that nothing was touched. */
export function pathError(
  code: RpcErrorCode,
  path: string,
  what: string,
  outcome: 'executed' | 'not-started' = 'executed',
): RpcError<PathDetails> {
  return new RpcError(code, `${JSON.stringify(path)} ${what}`, { details: { path }, outcome })
}

/** The RpcError for an error of node:fs. Anything else is returned as it is, and the caller gets INTERNAL. */
export function fromFileSystem(thrown: unknown, path: string): unknown {
  const known = thrown instanceof Error && 'code' in thrown ? meanings.get(thrown.code) : undefined
  return known === undefined ? thrown : pathError(known[0], path, known[1])
}

const meanings: ReadonlyMap<unknown, readonly [code: RpcErrorCode, what: string]> = new Map([
  ['ENOENT', ['NOT_FOUND', 'does not exist']],
  ['ENOTDIR', ['FAILED_PRECONDITION', 'is not a directory']],
  ['EISDIR', ['FAILED_PRECONDITION', 'is a directory']],
  ['EEXIST', ['ALREADY_EXISTS', 'exists already']],
  ['EACCES', ['PERMISSION_DENIED', 'may not be accessed']],
  ['EPERM', ['PERMISSION_DENIED', 'may not be changed']],
  ['EROFS', ['PERMISSION_DENIED', 'is on a read-only file system']],
  ['ELOOP', ['PERMISSION_DENIED', 'is a symbolic link that leads nowhere']],
  ['ENAMETOOLONG', ['INVALID_ARGUMENT', 'is too long']],
  ['ENOSPC', ['RESOURCE_EXHAUSTED', 'does not fit on the disk']],
  ['EMFILE', ['RESOURCE_EXHAUSTED', 'cannot be opened: too many files are open']],
])
