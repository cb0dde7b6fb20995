/**
 * What becomes of something that the tables do not have yet. `evolve`: they get it. `freeze`: the resource fails. `discard_row`:
 * the row and its children are left out. `discard_value`: the value is left out, or the child table.
 */
export type ContractMode = 'evolve' | 'freeze' | 'discard_row' | 'discard_value'

/** What may change in the tables of a resource: one word for all, or one for each part. */
export type SchemaContract =
  | ContractMode
  | {
      /** New tables: the root table of a resource without a schema, and child tables that no schema names. */
      tables?: ContractMode
      /** New columns in tables that were there before the run. */
      columns?: ContractMode
      /** Values that do not fit the type of their column. */
      dataType?: ContractMode
    }

/** A contract with its defaults filled in. */
export interface ResolvedContract {
  readonly tables: ContractMode
  readonly columns: ContractMode
  /** Undefined: nothing was said. Inferred columns evolve, and a value that does not fit a declared column fails the resource. */
  readonly dataType: ContractMode | undefined
}

const PARTS = ['tables', 'columns', 'dataType'] as const

/** Later contracts say less than earlier ones: each part is what the first of them says that says anything of it. */
export function resolveContract(...contracts: readonly (SchemaContract | undefined)[]): ResolvedContract {
  const said = (part: (typeof PARTS)[number]): ContractMode | undefined => {
    for (const contract of contracts) {
      const mode = typeof contract === 'object' ? contract[part] : contract
      if (mode !== undefined) return mode
    }
    return undefined
  }
  return { tables: said('tables') ?? 'evolve', columns: said('columns') ?? 'evolve', dataType: said('dataType') }
}
