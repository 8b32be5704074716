// The shapes that cross the worker boundary: what the wasm module takes and returns.

/**
 * A scenario as the module reads and writes it; the page looks only at its case.
 * @typedef {{ version: number, title: string, case: Case, mechanism: Record<string, any> & { kind: string } }} Scenario
 */
/**
 * @typedef {{ id: string, x?: number, y?: number }} Bus
 * @typedef {{ id: string, from: string, to: string, max_p_mw?: number | null, in_service?: boolean }} Branch
 * @typedef {{ id: string, bus: string, min_p_mw?: number, max_p_mw: number }} Generator
 * @typedef {{ id: string, bus: string, p_mw: number }} Load
 * @typedef {{ id: string, bus: string, max_p_mw: number }} Der
 * @typedef {{ id: string, ders: string[] }} Aggregator
 * @typedef {{ id: string, root: string, buses: { id: string }[] }} Feeder
 * @typedef {{
 *   name: string, source?: string, base_mva: number, buses: Bus[], branches: Branch[],
 *   generators?: Generator[], loads?: Load[], ders?: Der[], aggregators?: Aggregator[], feeders?: Feeder[]
 * }} Case
 */
/**
 * The answer to one scenario; missing numbers of a series are NaN.
 * @typedef {{
 *   status: 'solved' | 'infeasible', title: string, headline: string, badges: Badge[],
 *   summary: Quantity[], clock?: Clock | null, series: Series[], charts: Chart[], tables: Table[],
 *   ledger: Entry[], certificates: Certificate[], published: Published[], messages: Message[]
 * }} Report
 */
/**
 * @typedef {{ text: string, tone: 'good' | 'bad' | 'neutral' }} Badge
 * @typedef {{ id: string, name: string, value?: number | null, unit: string, note?: string }} Quantity
 * @typedef {{ name: string, steps: number, minutes_per_step: number }} Clock
 * @typedef {{ kind: 'clock' } | { kind: 'numbers', name: string, unit: string, at: ArrayLike<number> }} Index
 * @typedef {{ id: string, name: string, unit: string, index: Index, values: ArrayLike<number> }} Series
 * @typedef {{ label: string, unit: string, zero?: boolean }} Axis
 * @typedef {{
 *   id: string, title: string, x: Axis, y: Axis, marks: Mark[], summary: string, square?: boolean
 * }} Chart
 */
/**
 * @typedef {'generator' | 'der' | 'aggregator' | 'load' | 'line' | 'price' | 'optimum' | 'reference'} Role
 * @typedef {(
 *   | { mark: 'line', series: string, role: Role, step?: boolean, points?: boolean, dashed?: boolean, shown: boolean }
 *   | { mark: 'rule', value: number, label: string }
 *   | { mark: 'diagonal', label: string }
 *   | { mark: 'point', x: number, y: number, label: string }
 *   | { mark: 'flag', at: number[], label: string }
 *   | { mark: 'bars', labels: string[], series: string[], role: Role }
 * )} Mark
 */
/**
 * @typedef {number | string | null | undefined} Cell
 * @typedef {{ name: string, unit: string }} Column
 * @typedef {{ id: string, title: string, columns: Column[], rows: Cell[][], note?: string, by_clock?: boolean }} Table
 * @typedef {{ payer: string, payee: string, item: string, amount_usd: number }} Entry
 * @typedef {{
 *   solve: string, primal_residual: number, dual_residual: number, gap: number,
 *   largest_violation: number, certified: boolean
 * }} Certificate
 * @typedef {{
 *   item: string, printed: number, digits: number, unit: string, ours?: number | null,
 *   difference?: number | null, agrees: boolean, source: string, note: string
 * }} Published
 * @typedef {{ label: string, path: string, value: any }} Cure
 * @typedef {{ level: 'info' | 'warning' | 'error', text: string, field?: string | null, cures?: Cure[] }} Message
 */
/**
 * One input of the scenario as the module offers it.
 * @typedef {{
 *   path: string, label: string, unit: string, help: string, value: any, initial: any,
 *   kind: 'number' | 'choice' | 'list' | 'text', min?: number | null, max?: number | null,
 *   step?: number | null, slider: boolean, optional: boolean, options?: { value: any, label: string }[]
 * }} Field
 * @typedef {{ label: string, id: string, cells: (Field | null | undefined)[] }} FieldRow
 * @typedef {{ columns: { name: string, unit: string }[], rows: FieldRow[] }} FieldTable
 * @typedef {{ title: string, open: boolean, note?: string, fields: Field[], table?: FieldTable | null }} FieldGroup
 */
/**
 * @typedef {{
 *   id: string, title: string, question: string, text: string, mechanism: string, group: string, chart?: string
 * }} Preset
 * @typedef {{ hash: string, kind: 'short' | 'full', length: number }} Link
 */
/**
 * How a chart is to be drawn; `x` and `y` are data ranges, `shown` the ids of the visible series.
 * @typedef {{
 *   width: number, height: number, dark: boolean, x?: [number, number] | null, y?: [number, number] | null,
 *   shown?: string[] | null, cursor?: number | null
 * }} View
 * @typedef {{ left: number, right: number, top: number, bottom: number, x0: number, x1: number, y0: number, y1: number }} Frame
 * @typedef {{ series: string, name: string, colour: string, dashed: boolean, shown: boolean }} LegendItem
 * @typedef {{ series?: string, label?: string, x: number, y: number, text?: string }} ReadPoint
 * @typedef {{ svg: string, frame: Frame, legend: LegendItem[], points?: ReadPoint[] }} Drawing
 */
/**
 * The wasm module, as its JavaScript glue exports it.
 * @typedef {{
 *   default: (options?: { module_or_path?: unknown }) => Promise<unknown>,
 *   gallery: () => Preset[],
 *   preset: (id: string) => Scenario | { scenario: Scenario },
 *   open: (text: string) => Opened,
 *   set: (scenario: Scenario, path: string, value: unknown) => Scenario,
 *   form: (scenario: Scenario) => FieldGroup[],
 *   link: (scenario: Scenario) => Link,
 *   solve: (scenario: Scenario) => Report,
 *   chart: (id: string, view: View) => Drawing,
 *   chart_table: (id: string) => Table,
 *   chart_csv: (id: string) => string,
 *   sweep_point: (scenario: Scenario, path: string, value: number) => Quantity[]
 * }} Door
 */
/**
 * What the worker does for the page; each is one message and one answer.
 * @typedef {{ scenario: Scenario, preset?: string | null }} Opened
 * @typedef {{ path: string, value: any }} Change
 * @typedef {{ id: string, view: View }} ChartRequest
 * @typedef {{ id: string, drawing?: Drawing, problem?: string }} ChartAnswer
 * @typedef {{ scenario: Scenario, key: number, changes?: Change[], charts?: ChartRequest[] }} SolveRequest
 * @typedef {{ scenario: Scenario, report: Report, form: FieldGroup[], charts: ChartAnswer[] }} SolveAnswer
 * @typedef {{ scenario: Scenario, key: number, charts: ChartRequest[] }} DrawRequest
 * @typedef {{ scenario: Scenario, key: number, chart: string }} ExportRequest
 * @typedef {{ preset: string, chart: string, view: View }} ThumbnailRequest
 */
/**
 * @typedef {{
 *   gallery: { args: undefined, result: Preset[] },
 *   open: { args: string, result: Opened },
 *   solve: { args: SolveRequest, result: SolveAnswer },
 *   draw: { args: DrawRequest, result: ChartAnswer[] },
 *   table: { args: ExportRequest, result: Table },
 *   csv: { args: ExportRequest, result: string },
 *   link: { args: Scenario, result: Link },
 *   thumbnail: { args: ThumbnailRequest, result: { drawing: Drawing, headline: string } },
 *   sweep: { args: { scenario: Scenario, path: string, value: number }, result: Quantity[] }
 * }} Calls
 */
/** @typedef {keyof Calls} CallName */

export {};
