export { type DemoApi, type DemoApiOptions, type DemoKind, demoKinds, startDemoApi } from './server.ts'
