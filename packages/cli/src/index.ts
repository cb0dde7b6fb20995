export { defineConfig, type TributaryConfig } from './config.ts'
export { main } from './main.ts'
export type { Output, Shell } from './shell.ts'
