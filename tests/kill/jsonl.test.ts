import { killSuite } from './suite.ts'
import { fileTarget } from './target.ts'

await killSuite(fileTarget('jsonl'), fileTarget('jsonl', { compress: true }))
