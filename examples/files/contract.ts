// The contract of the file service. Paths are relative to the served directory, with `/` between names; '' is
// the directory itself. A path that would lead out of it is refused (see directory.ts).
import { activity, remote, service, stream, unary, type Activity, type Stream } from '@parley/rpc'

@service('files.v1')
export abstract class Files {
  /** What stands in a directory, in the order of names. Symbolic links are shown, not followed. */
  @unary() list(path: string): Promise<Entry[]> {
    return remote(path)
  }

  /** One file or directory. NOT_FOUND when it is not there. */
  @unary() stat(path: string): Promise<Entry> {
    return remote(path)
  }

  /** The SHA-256 of a file, in hexadecimal. */
  @unary() checksum(path: string): Promise<string> {
    return remote(path)
  }

  /**
   * Every line that contains `text`, in all text files below `path`. Plain text and not a regular expression:
   * a pattern that backtracks for minutes would be the caller's choice and the server's time.
   */
  @stream() search(text: string, path?: string): Stream<Match> {
    return remote(text, path)
  }

  /** A file's octets, in order, in chunks. */
  @stream() download(path: string): Stream<Uint8Array> {
    return remote(path)
  }

  /**
   * Writes a file, in place of an older one if there is one. It appears whole or not at all: when the stream
   * fails, the call is cancelled or the session is lost, nothing stays.
   */
  @unary() upload(path: string, chunks: Stream<Uint8Array>): Promise<Uploaded> {
    return remote(path, chunks)
  }

  /**
   * A file's octets, in order, in chunks, and at the end how many they were. Goes on where it was after
   * anything: a cut connection, a killed server. ABORTED when the file has changed meanwhile.
   */
  @activity() fetch(path: string): Activity<Uint8Array, number> {
    return remote(path)
  }

  /**
   * Writes a file as `upload` does, and tells after each chunk how many octets it has. Goes on where it was
   * after anything. `chunks` may be a function of how many of them are there.
   */
  @activity() send(path: string, chunks: Stream<Uint8Array>): Activity<number, Uploaded> {
    return remote(path, chunks)
  }
}

/** A file or a directory. */
export interface Entry {
  readonly name: string
  readonly kind: 'file' | 'directory' | 'link' | 'other'
  /** Octets; of a directory, whatever the file system says. */
  readonly size: number
  readonly modified: Date
}

/** One line that a search found. */
export interface Match {
  readonly path: string
  /** Counts from 1. */
  readonly line: number
  /** The line without the space around it, shortened when it is long. */
  readonly text: string
}

/** What an upload came to. */
export interface Uploaded {
  /** Octets. */
  readonly size: number
  /** Of what was written, in hexadecimal. */
  readonly sha256: string
}

/** The details of every error about a path. */
export interface PathDetails {
  /** The path as the caller gave it. */
  readonly path: string
}
