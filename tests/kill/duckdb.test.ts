import { killSuite } from './suite.ts'
import { fileTarget } from './target.ts'

await killSuite(fileTarget('duckdb'))
