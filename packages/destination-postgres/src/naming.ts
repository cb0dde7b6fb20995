import { codeOf } from './errors.ts'

/** A table with too many columns, and a row that is too wide for its table: the codes of PostgreSQL. */
const TOO_WIDE = /^(54011|54000)$/

/** Runs statements that write to one table. Where it cannot hold what they write, the error names it, which the server does not. */
export async function naming<T>(table: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task()
  } catch (error) {
    const code = codeOf(error)
    if (!TOO_WIDE.test(code) || !(error instanceof Error)) throw error
    throw Object.assign(new Error(`${error.message}, in the table ${table}`, { cause: error }), { code })
  }
}
