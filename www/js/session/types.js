// The shapes that cross the worker boundary: what the wasm module takes and returns.

/**
 * What comes from Rust, and how a chart is asked for: `data.d.ts` is made from the types there by `scripts/types.js`.
 * A scenario crosses as JSON text, so that the page keeps the bytes the module wrote; parsed, the page looks at its case.
 * @typedef {import('./data.d.ts').Alternative} Alternative
 * @typedef {import('./data.d.ts').Axis} Axis
 * @typedef {import('./data.d.ts').Boundary} Boundary
 * @typedef {import('./data.d.ts').DcLine} DcLine
 * @typedef {import('./data.d.ts').Branch} Branch
 * @typedef {import('./data.d.ts').Case} Case
 * @typedef {import('./data.d.ts').Cell} Cell
 * @typedef {import('./data.d.ts').Chart} Chart
 * @typedef {import('./data.d.ts').ChartLayer} ChartLayer
 * @typedef {import('./data.d.ts').Clock} Clock
 * @typedef {import('./data.d.ts').Code} Code
 * @typedef {import('./data.d.ts').Drawing} Drawing
 * @typedef {import('./data.d.ts').Edge} Edge
 * @typedef {import('./data.d.ts').Entry} Entry
 * @typedef {import('./data.d.ts').Explained} Explained
 * @typedef {import('./data.d.ts').Feeder} Feeder
 * @typedef {import('./data.d.ts').FeederBus} FeederBus
 * @typedef {import('./data.d.ts').FeederLine} FeederLine
 * @typedef {import('./data.d.ts').Field} Field
 * @typedef {import('./data.d.ts').Section} FieldGroup
 * @typedef {import('./data.d.ts').FieldTable} FieldTable
 * @typedef {import('./data.d.ts').Frame} Frame
 * @typedef {import('./data.d.ts').Import} Import
 * @typedef {import('./data.d.ts').LegendItem} LegendItem
 * @typedef {import('./data.d.ts').LessonStep} LessonStep
 * @typedef {import('./data.d.ts').Link} Link
 * @typedef {import('./data.d.ts').Message} Message
 * @typedef {import('./data.d.ts').Net} Net
 * @typedef {import('./data.d.ts').Pieces} Pieces
 * @typedef {import('./data.d.ts').Prediction} Prediction
 * @typedef {import('./data.d.ts').Preset} Preset
 * @typedef {import('./data.d.ts').Probe} Probe
 * @typedef {import('./data.d.ts').Problem} Problem
 * @typedef {import('./data.d.ts').Published} Published
 * @typedef {import('./data.d.ts').Quantity} Quantity
 * @typedef {import('./data.d.ts').Report} Report
 * @typedef {import('./data.d.ts').Document} Scenario
 * @typedef {import('./data.d.ts').Series} Series
 * @typedef {import('./data.d.ts').Shown} Shown
 * @typedef {import('./data.d.ts').Subject} Subject
 * @typedef {import('./data.d.ts').SweepAsk} SweepAsk
 * @typedef {import('./data.d.ts').SweepPoint} SweepPoint
 * @typedef {import('./data.d.ts').Swept} Swept
 * @typedef {import('./data.d.ts').Table} Table
 * @typedef {import('./data.d.ts').Task} Task
 * @typedef {import('./data.d.ts').Topic} Topic
 * @typedef {import('./data.d.ts').Verdict} Verdict
 * @typedef {import('./data.d.ts').ChartView} View
 * @typedef {import('./data.d.ts').Part} Part
 * @typedef {import('./data.d.ts').Way} Way
 * @typedef {import('./data.d.ts').Zone} Zone
 */
/**
 * A table to be shown: one from Rust, or one of the page's own, which need not say everything.
 * @typedef {Pick<Table, 'id' | 'title' | 'columns' | 'rows'> & Partial<Table>} OwnTable
 */
/**
 * What the worker does for the page; each is one message and one answer. `scenario` is JSON text.
 * @typedef {{ path: string, value: any }} Change
 * @typedef {{ id: string, view: View }} ChartRequest
 * @typedef {{ id: string, drawing?: Drawing, problem?: string }} ChartAnswer
 * @typedef {{ scenario: string, key: number, changes?: Change[], charts?: ChartRequest[], parts?: string[], line?: number }} SolveRequest `line`: answers of one line may be told by what is another than in the one before
 * @typedef {{ scenario: string, key: number, report: Report, form: FieldGroup[], charts: ChartAnswer[] }} SolveAnswer
 * @typedef {{ scenario: string, key: number, charts: ChartAnswer[], since: number, delta: import('./delta.js').Delta | null }} SolveDelta what is another in `report` and `form` since the answer of that key
 * @typedef {{ scenario: string, pieces: Pieces }} SolveInPieces asked for instead of an answer when a request brings no parts
 * @typedef {{ done: number, count: number, name: string }} Progress
 * @typedef {{ scenario: string, key: number, charts: ChartRequest[] }} DrawRequest
 * @typedef {{ scenario: string, key: number, chart: string }} ExportRequest
 * @typedef {{ scenario: string, key: number, report: string }} Given a report as JSON text, in the place of a solve
 * @typedef {{ scenario: string, probe: string, x: number, y: number }} ProbeRequest
 * @typedef {{ scenario: string, subject: Subject, step: number }} ExplainRequest `step` from 1
 * @typedef {{
 *   solves: number, sampled: boolean, done: boolean, refused: string | null, point: SweepPoint | null, points: SweepPoint[],
 *   quickest: number
 * }} SweepStep `sampled`: every evenly spaced value is solved; `refused`: why the first value without an answer has none; `points`: what was solved since the last one; `quickest`: the time of the quickest of these solves, ms
 */
/**
 * Two inputs and their ranges, the bus whose price is shown (empty: where it moves most) and the step, from 1.
 * @typedef {{ field: string, from: number, to: number }} MapAxis
 * @typedef {{ x: MapAxis, y: MapAxis, bus: string, step: number }} MapAsked
 */
/**
 * What a report beside the solved one is made from: a sweep, a scenario of which every method is run, a
 * power flow as a scenario of its own, or a map over two inputs.
 * @typedef {(
 *   | { kind: 'sweep', scenario: string, path: string, swept: Swept }
 *   | { kind: 'compare', scenario: string }
 *   | { kind: 'flow', scenario: string }
 *   | { kind: 'between', scenario: string, from: string }
 *   | { kind: 'map', scenario: string, asked: MapAsked }
 * )} SideWork
 */
/**
 * A question of a bank, as it is read; `within` is what a number may be off, empty where it is a choice.
 * @typedef {{
 *   setting: string[], data: string[], ask: string, answer: string, within: string, wrong: [string, string][],
 *   feedback: string
 * }} Question
 */
/** A bank of questions as a file, with the first of them. @typedef {{ name: string, bytes: Uint8Array, said: string, questions: Question[] }} QuestionBank */
/**
 * @typedef {{
 *   gallery: { args: undefined, result: Preset[] },
 *   version: { args: undefined, result: string },
 *   learn: { args: import('./lessons.js').LessonText, result: undefined },
 *   open: { args: string, result: string },
 *   openFile: { args: Uint8Array, result: string },
 *   openFolder: { args: { name: string, bytes: Uint8Array }[], result: string },
 *   openConverted: { args: { text: string, told: Import }, result: string },
 *   importSeries: {
 *     args: { scenario: string, bytes: Uint8Array, community: string, offset: string },
 *     result: { scenario: string, import: Import }
 *   },
 *   solve: { args: SolveRequest, result: SolveAnswer | SolveInPieces },
 *   part: { args: { scenario: string, piece: number }, result: string },
 *   keep: { args: { scenario: string, parts: string[] }, result: null },
 *   given: { args: Given, result: SolveAnswer },
 *   draw: { args: DrawRequest, result: ChartAnswer[] },
 *   table: { args: ExportRequest, result: Table },
 *   csv: { args: ExportRequest, result: string },
 *   lessonProblems: { args: { scenario: string, key: number }, result: Problem[] },
 *   link: { args: string, result: Link },
 *   module: { args: string, result: string },
 *   stated: { args: string, result: string },
 *   task: { args: string, result: Task | null },
 *   lp: { args: { scenario: string, interval: number }, result: string },
 *   factors: { args: string, result: OwnTable[] },
 *   outages: { args: { scenario: string, step: number }, result: OwnTable },
 *   powerFlow: { args: string, result: string },
 *   ways: { args: string, result: Way[] },
 *   lookAs: { args: { scenario: string, as: string, parts: string[] }, result: string },
 *   questions: { args: { scenario: string, format: string, ask: string }, result: QuestionBank },
 *   sweepBegin: { args: { scenario: string, ask: SweepAsk }, result: null },
 *   sweepStep: { args: undefined, result: SweepStep },
 *   sweepFound: { args: undefined, result: Swept },
 *   probe: { args: ProbeRequest, result: Probe },
 *   explain: { args: ExplainRequest, result: Explained },
 *   choice: { args: { scenario: string, changes: Change[] }, result: Report },
 *   sideReport: { args: SideWork, result: Report },
 *   sideDraw: { args: { work: SideWork, charts: ChartRequest[] }, result: ChartAnswer[] },
 *   sideProbe: { args: { work: SideWork, x: number, y: number }, result: Probe },
 *   sideTable: { args: { work: SideWork, chart: string }, result: Table },
 *   sideCsv: { args: { work: SideWork, chart: string }, result: string }
 * }} Calls
 */
/** @typedef {keyof Calls} CallName */

export {};
