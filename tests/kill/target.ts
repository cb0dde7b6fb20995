import { existsSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { TestServer } from '../support/postgres.ts'
import { type Address, destinationAt, type Kind } from './destination.ts'
import { temporaryFolder } from './folder.ts'

/** A dataset that one case has to itself. */
export interface Spot {
  readonly address: Address
  readonly dataset: string
  remove(): Promise<void>
}

/** Makes datasets in one kind of destination. */
export interface Target {
  readonly kind: Kind
  empty(): Promise<Spot>
  /** Everything that another has. */
  copy(of: Spot): Promise<Spot>
}

export function fileTarget(kind: Exclude<Kind, 'postgres'>, options: Partial<Address> = {}): Target {
  const folder = temporaryFolder()
  let count = 0
  const empty = (): Spot => {
    const own = join(folder, String(++count))
    const path = kind === 'duckdb' ? join(own, 'test.duckdb') : own
    return {
      address: { ...options, kind, path },
      dataset: 'shop',
      remove: () => rm(own, { recursive: true, force: true }),
    }
  }
  return {
    kind,
    empty: async () => empty(),
    async copy({ address }) {
      const spot = empty()
      const [from, to] =
        kind === 'duckdb' ? [join(address.path, '..'), join(spot.address.path, '..')] : [address.path, spot.address.path]
      if (existsSync(from)) await cp(from, to, { recursive: true })
      return spot
    },
  }
}

/** Datasets of one database: to make a database for each takes longer than a case. */
export async function postgresTarget(server: TestServer): Promise<Target> {
  const { url, query, drop } = await server.database()
  afterAll(drop)
  let count = 0
  const empty = (): Spot => {
    const dataset = `shop_${++count}`
    const remove = async (): Promise<void> => void (await query(`DROP SCHEMA IF EXISTS ${dataset} CASCADE`))
    return { address: { kind: 'postgres', path: url }, dataset, remove }
  }
  return {
    kind: 'postgres',
    empty: async () => empty(),
    async copy({ dataset }) {
      const spot = empty()
      await query(`DO $$ DECLARE name text; BEGIN
        IF to_regnamespace('${dataset}') IS NULL THEN RETURN; END IF;
        CREATE SCHEMA ${spot.dataset};
        FOR name IN SELECT relname FROM pg_class WHERE relnamespace = '${dataset}'::regnamespace AND relkind = 'r' LOOP
          EXECUTE format('CREATE TABLE ${spot.dataset}.%I (LIKE ${dataset}.%I INCLUDING ALL)', name, name);
          EXECUTE format('INSERT INTO ${spot.dataset}.%I SELECT * FROM ${dataset}.%I', name, name);
        END LOOP;
      END $$`)
      return spot
    },
  }
}

export const destinationOf = ({ address }: Spot, options: Partial<Address> = {}): ReturnType<typeof destinationAt> =>
  destinationAt({ ...address, ...options })
