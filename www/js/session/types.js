// The shapes that cross the worker boundary: what the wasm module takes and returns.

/**
 * A scenario. It crosses as JSON text, so that the page keeps the bytes the module wrote; parsed, the page looks at its case.
 * @typedef {{ version: number, title: string, preset?: string, case: Case, mechanism: Record<string, any> & { kind: string } }} Scenario
 */
/**
 * @typedef {{ id: string, x?: number, y?: number }} Bus
 * @typedef {{ id: string, from: string, to: string, max_p_mw?: number | null, in_service?: boolean }} Branch
 * @typedef {{ id: string, bus: string, min_p_mw?: number, max_p_mw: number }} Generator
 * @typedef {{ id: string, bus: string, p_mw: number }} Load
 * @typedef {{ id: string, bus: string, max_p_mw: number }} Der
 * @typedef {{ id: string, bus: string }} Placed
 * @typedef {{ id: string, ders: string[] }} Aggregator
 * @typedef {{ id: string, p_load_mw?: number, min_v_pu?: number, max_v_pu?: number }} FeederBus
 * @typedef {{
 *   id: string, from: string, to: string, max_s_mva?: number | null, min_p_mw?: number | null, max_p_mw?: number | null
 * }} FeederLine
 * @typedef {{ id: string, root: string, buses: FeederBus[], lines: FeederLine[] }} Feeder
 * @typedef {{ id: string, bus: string, feeder: string, max_p_mw?: number | null }} Boundary
 * @typedef {{
 *   name: string, source?: string, base_mva: number, buses: Bus[], branches: Branch[],
 *   generators?: Generator[], loads?: Load[], ders?: Der[], aggregators?: Aggregator[], feeders?: Feeder[],
 *   boundaries?: Boundary[], balancing?: Balancing | null, local_market?: { resources: Placed[] } | null,
 *   communities?: { members: Placed[], minutes_per_interval: number } | null,
 *   day?: { renewables?: Placed[], adjustable?: Placed[], deferrable?: Placed[] } | null
 * }} Case
 */
/**
 * A balancing market's part of the case. Quantities are injections: upward +, shortage −.
 * @typedef {{ id: string, bus: string, p_mw: number[] }} Injection one value per period, or one for all
 * @typedef {{ min_p_mw?: number, max_p_mw: number, usd_per_mwh: number }} Segment
 * @typedef {{ id: string, bus: string, offers: { period?: number, segments: Segment[] }[] }} Bid
 * @typedef {{ id: string, bus: string, buses: string[], max_p_mw?: number | null, limits?: { id: string, max_p_mw: number }[] }} Zone
 * @typedef {{ imbalances?: Injection[], bids?: Bid[], zones?: Zone[] }} Balancing
 */
/**
 * The answer to one scenario; missing numbers of a series are NaN.
 * @typedef {{
 *   status: 'solved' | 'infeasible', title: string, headline: string, badges: Badge[],
 *   summary: Quantity[], clock?: Clock | null, series: Series[], charts: Chart[], tables: Table[],
 *   ledger: Entry[], certificates: Certificate[], published: Published[], also_computed?: Published[], messages: Message[], import?: Import, task?: Task | null,
 *   start?: number, follow?: string, captions?: { chart: string, steps: string[] }[]
 * }} Report
 * @typedef {{ question: string, unit: string, hint: string, found: string, answer: number | null, tolerance: number, sign?: 'either' | 'exact' }} Task
 */
/**
 * @typedef {{ text: string, tone: 'good' | 'bad' | 'neutral' }} Badge
 * @typedef {{ id: string, name: string, value?: number | null, unit: string, note?: string }} Quantity
 * @typedef {{ name: string, steps: number, minutes_per_step: number }} Clock
 * @typedef {{ kind: 'clock' } | { kind: 'numbers', name: string, unit: string, at: ArrayLike<number> }} Index
 * @typedef {{ id: string, name: string, unit: string, index: Index, values: ArrayLike<number> }} Series
 * @typedef {{ label: string, unit: string, zero?: boolean }} Axis
 * @typedef {{
 *   id: string, title: string, x: Axis, y: Axis, marks: Mark[], summary: string, square?: boolean,
 *   probe?: string | null
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
 *   | { mark: 'walk', series: string, role: Role }
 *   | { mark: 'surface', label: string, unit: string, cells: { label: string, corners: [number, number, number][] }[] }
 *   | { mark: 'edges', edges: { from: [number, number], to: [number, number], label: string }[] }
 *   | { mark: 'outline', label: string, role: Role, corners: [number, number][] }
 *   | { mark: 'triangulation', label: string, points: [number, number][], excluded: number[], segments: [number, number][] }
 * )} Mark
 */
/**
 * What holds at one point of the plane that the `probe` of a chart stands for.
 * `offer` holds inputs that would make the point the scenario's own.
 * @typedef {{ label: string, changes: [string, number][] }} Offer
 * @typedef {{ inside: boolean, sentence: string, table: Table, offer?: Offer }} Probe
 */
/**
 * @typedef {number | string | { series: string } | null | undefined} Cell
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
 * @typedef {{ format: string, kept: string[], changed: string[], left_out: string[], assumed: string[] }} Import
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
 *   id: string, title: string, question: string, text: string, group: string, thumbnail: string
 * }} Preset
 * @typedef {{ fragment: string, short: boolean }} Link
 */
/**
 * How a chart is to be drawn; `x` and `y` are data ranges, `shown` the ids of the visible series.
 * @typedef {{
 *   width: number, height: number, dark: boolean, x?: [number, number] | null, y?: [number, number] | null,
 *   shown?: string[] | null, cursor?: number | null
 * }} View
 * @typedef {{ left: number, right: number, top: number, bottom: number, x0: number, x1: number, y0: number, y1: number }} Frame
 * @typedef {{ series: string, name: string, colour: string, dashed: boolean, shown: boolean, swatch: string }} LegendItem
 * @typedef {{ series: string, name: string, unit: string, at?: [number, number] }} Readout
 * @typedef {{ svg: string, frame: Frame, legend: LegendItem[], points: Readout[], key: string[] }} Drawing
 */
/**
 * What the worker does for the page; each is one message and one answer. `scenario` is JSON text.
 * @typedef {{ path: string, value: any }} Change
 * @typedef {{ id: string, view: View }} ChartRequest
 * @typedef {{ id: string, drawing?: Drawing, problem?: string }} ChartAnswer
 * @typedef {{ scenario: string, key: number, changes?: Change[], charts?: ChartRequest[], parts?: string[] }} SolveRequest
 * @typedef {{ scenario: string, report: Report, form: FieldGroup[], charts: ChartAnswer[] }} SolveAnswer
 * @typedef {{ name: string, count: number }} Pieces what a scenario had better be solved from, each made on its own
 * @typedef {{ scenario: string, pieces: Pieces }} SolveInPieces asked for instead of an answer when a request brings no parts
 * @typedef {{ done: number, count: number, name: string }} Progress
 * @typedef {{ scenario: string, key: number, charts: ChartRequest[] }} DrawRequest
 * @typedef {{ scenario: string, key: number, chart: string }} ExportRequest
 * @typedef {{ preset: string, chart: string, view: View }} ThumbnailRequest
 * @typedef {{ value: number, summary: Quantity[] | null }} SweepPoint
 * @typedef {{ scenario: string, probe: string, x: number, y: number }} ProbeRequest
 */
/**
 * What a report beside the solved one is made from: the points of a sweep, or a scenario of which every method is run.
 * @typedef {(
 *   | { kind: 'sweep', scenario: string, path: string, points: SweepPoint[] }
 *   | { kind: 'compare', scenario: string }
 * )} SideWork
 */
/**
 * @typedef {{
 *   gallery: { args: undefined, result: Preset[] },
 *   open: { args: string, result: string },
 *   openFile: { args: Uint8Array, result: string },
 *   openFolder: { args: { name: string, bytes: Uint8Array }[], result: string },
 *   importSeries: {
 *     args: { scenario: string, bytes: Uint8Array, community: string, offset: string },
 *     result: { scenario: string, import: Import }
 *   },
 *   solve: { args: SolveRequest, result: SolveAnswer | SolveInPieces },
 *   part: { args: { scenario: string, piece: number }, result: string },
 *   keep: { args: { scenario: string, parts: string[] }, result: null },
 *   draw: { args: DrawRequest, result: ChartAnswer[] },
 *   table: { args: ExportRequest, result: Table },
 *   csv: { args: ExportRequest, result: string },
 *   link: { args: string, result: Link },
 *   task: { args: string, result: Task | null },
 *   lp: { args: { scenario: string, interval: number }, result: string },
 *   thumbnail: { args: ThumbnailRequest, result: Drawing | null },
 *   sweepPoint: { args: { scenario: string, path: string, value: number }, result: Quantity[] },
 *   probe: { args: ProbeRequest, result: Probe },
 *   sideReport: { args: SideWork, result: Report },
 *   sideDraw: { args: { work: SideWork, charts: ChartRequest[] }, result: ChartAnswer[] },
 *   sideTable: { args: { work: SideWork, chart: string }, result: Table },
 *   sideCsv: { args: { work: SideWork, chart: string }, result: string }
 * }} Calls
 */
/** @typedef {keyof Calls} CallName */

export {};
