// Made by scripts/types.js from the types in Rust (`tandem schema --page`); not to be edited.

/** One part of a number. */
export type Addend = {
  name: string;
  value: number;
  /** What of the case it comes from. */
  subject?: Subject;
};

/**
 * A load on a feeder that prefers the power P̃ of its profile: P is worth −u·P² + 2u·P̃·P in an
 * hour, most at P = P̃. Over the day it takes the energy of its profile.
 */
export type Adjustable = {
  id: string;
  bus: string;
  profile: string;
  /** u, $ per MW² and hour. */
  usd_per_mw2h: number;
  /** Reactive power per active power. */
  tan_phi?: number;
  /** Most power; `null` means not limited. */
  max_p_mw: number | null;
};

/** A party that bids several DERs as one. */
export type Aggregator = {
  id: string;
  ders: string[];
};

/** One of what was run side by side on the same case. */
export type Alternative = {
  id: string;
  name: string;
  /** Path and value of each input that makes it the scenario. */
  changes: [string, any][];
  /** The link of the scenario that it is, where no change of the one on screen leads to it. */
  opens?: string;
  /** It is the scenario on screen. */
  now?: boolean;
  /** Why it has no answer; empty where it has one. */
  refused?: string;
};

/** What a direction of a chart measures. */
export type Axis = {
  label: string;
  unit: string;
  /** Show zero even when the data stay away from it. */
  zero: boolean;
  /** Numbers that it holds whatever the data do, so that charts beside one another have one scale. */
  holds?: [number, number];
};

/** A short fact with a colour role. */
export type Badge = {
  text: string;
  tone: Tone;
  /** It is about the solving, not about the market. */
  of_solving?: boolean;
};

/** Everything a balancing market needs beyond the network. */
export type Balancing = {
  /** Market periods cleared together; `period` counts from 1. */
  periods: number;
  minutes_per_period: number;
  /** Cost of a MWh of imbalance that nothing serves, at every bus, in either direction. */
  price_cap_usd_per_mwh: number;
  /** Injections already traded, beside the case's loads: they load the network and settle nothing. */
  schedule?: Injection[];
  /** What the balance responsible parties are off their schedule: surplus +, shortage −. */
  imbalances: Injection[];
  bids: Bid[];
  /** Groups of bids of which at most one is taken. */
  exclusive?: ExclusiveGroup[];
  zones?: Zone[];
};

/** What a community's net load without its battery is taken to be when it bids. */
export type Baseline = 'last_metered' | 'forecast';

/** Storage behind the meter of a community. */
export type Battery = {
  energy_kwh: number;
  /** Largest power at the meter, charging and discharging. */
  power_kw: number;
  /** Of one way, charging or discharging. */
  efficiency: number;
  /** State of charge: least, greatest, at the start; shares of the energy. */
  min_soc: number;
  max_soc: number;
  initial_soc: number;
};

/** The way from a point beyond a limit to the edge. */
export type Beyond = {
  /** The point of the edge. */
  to: [number, number];
  /** By how much it lies beyond which limit, e.g. `0.5 MW over line 2-3`. */
  label: string;
};

/** One resource's offer over the periods (Qt-bid). */
export type Bid = {
  id: string;
  bus: string;
  /** Who is paid; the bid's own id where empty. */
  party?: string;
  offers: PeriodOffer[];
  /** May also produce reactive power, free of charge, within `half_planes` and `max_s_mva`. */
  reactive?: boolean;
  half_planes?: HalfPlane[];
  /** ‖(p, q)‖ ≤ `max_s_mva` in every period. */
  max_s_mva?: number;
  /** Limits on the change of p from one period to the next. */
  ramps?: Ramp[];
  /** Started in one period, it must be on in another. */
  minimum_duration?: DurationPair[];
  /** A commercial party's bid, admitted by the integrated flexibility market only. */
  commercial?: boolean;
};

/** How a bid follows from a schedule. */
export type BidForm = 'published' | 'four_point' | 'opportunity';

/**
 * One block of an offer curve: `p_mw` MW of width at one price, or at one that rises along a straight
 * line from `usd_per_mwh` at its first MW to `end_usd_per_mwh` at its last (a bid slope).
 */
export type Block = {
  p_mw: number;
  usd_per_mwh: number;
  /** Price at its last MW, no less than at its first; absent where the price is one. */
  end_usd_per_mwh?: number;
};

/** Where a feeder meets transmission. */
export type Boundary = {
  id: string;
  /** Transmission bus. */
  bus: string;
  feeder: string;
  /** Limit on the exchange in either direction; `null` means not limited. */
  max_p_mw: number | null;
};

/** A transmission line or transformer; flow is positive from `from` to `to`. */
export type Branch = {
  id: string;
  from: string;
  to: string;
  /** Series reactance in per unit on the case's base; negative is allowed (series capacitor), zero is not. */
  x_pu: number;
  /** Series resistance in per unit on the case's base: what flows p (MW) loses r p² / base, where losses are asked for. */
  r_pu?: number;
  /** Off-nominal turns ratio on the `from` side; 1 for a line. */
  tap?: number;
  /** Phase shift in degrees. */
  shift_deg?: number;
  /** Limit on the flow in either direction; `null` means not limited. */
  max_p_mw: number | null;
  in_service?: boolean;
};

/** Where the numbers of the summary bend or jump. */
export type Breakpoint = {
  value: number;
  /** In words. */
  changes: string[];
  /** The main number just before it and just behind it. */
  left: number | null;
  right: number | null;
};

/** A transmission bus. */
export type Bus = {
  id: string;
  /**
   * Position in the one-line diagram in any unit, x to the right, y downwards; laid out by the
   * page when absent.
   */
  x?: number;
  y?: number;
  /** Nominal voltage, where it is known. */
  base_kv?: number;
};

/** What a chart shows, step by step. */
export type Captions = {
  /** Id of the chart. */
  chart: string;
  /** One sentence for every step of the clock. */
  steps: string[];
};

/** One power system. Ids are unique within their list (bus ids over transmission and feeders). */
export type Case = {
  version: number;
  name: string;
  /** Where the data come from, with what was changed. */
  source: string;
  /** What became of the file the case was read from. */
  import?: Import;
  base_mva: number;
  buses: Bus[];
  branches: Branch[];
  /** Lines whose flow is chosen rather than given by the angles. */
  dc_lines?: DcLine[];
  generators: Generator[];
  loads: Load[];
  ders: Der[];
  aggregators: Aggregator[];
  feeders: Feeder[];
  boundaries: Boundary[];
  /** Bids, imbalances and zones of a balancing market. */
  balancing?: Balancing;
  /** Profiles, flexible loads and costs of a day of operation. */
  day?: Day;
  /** The balancing market of a DSO on one feeder. */
  local_market?: LocalMarket;
  /** Communities with batteries and PV, and the price their LSE sells at. */
  communities?: Communities;
};

/** What stands in one place of a `Table`. */
export type Cell = number | string | {
  series: string;
} | null;

/**
 * The figures of one solve.
 *
 * Without multipliers `dual_residual` and `gap` are NaN and `certified` speaks of
 * feasibility alone. That is all a point of a mixed-integer model has: for its prices and
 * their certificate, certify `Model::fix_integers`. Multipliers given with an integer
 * model are those of its relaxation; no gap then proves the integer point optimal, too.
 */
export type Certificate = {
  /** Which solve, e.g. `RT-SCED, interval 3`. */
  solve: string;
  /** Largest violation of a row, in the row's unit. */
  primal_residual: number;
  /** Largest violation of stationarity, sign or dual cone, in cost per unit: $/MWh for a market model. */
  dual_residual: number;
  /** (primal − dual objective) / (1 + |primal objective|). */
  gap: number;
  /** Largest violation of any row, bound, cone or integrality, in its own unit. */
  largest_violation: number;
  /** Every figure is a number and within `TOLERANCE` of its scale. */
  certified: boolean;
};

/** A chart: which series on which axes. Drawn by `crate::chart`. */
export type Chart = {
  id: string;
  /** What is shown, without the unit: `Dispatch`. */
  title: string;
  x: Axis;
  y: Axis;
  marks: Mark[];
  /** One sentence that says what the chart shows. */
  summary: string;
  /** What it is about: charts of one topic lie together. */
  topic: Topic;
  /** x and y share one scale (a map of x onto x). */
  square: boolean;
  /**
   * Any point of the plane can be asked about with this key: `run::probe` answers with a
   * `Probe`.
   */
  probe: string | null;
  /** One of several small ones that are read beside one another. */
  small?: boolean;
  /** What the point is called at which a chart with `probe` stands before another is asked about. */
  home?: string;
  /** What can be laid over the marks, each with a sentence. */
  layers?: ChartLayer[];
};

/** Marks that are switched on and off together. */
export type ChartLayer = {
  id: string;
  /** The words of its switch. */
  name: string;
  /** What there is to see: one sentence for every step of the clock, or one for all. */
  says: string[];
  marks: Mark[];
  /** Part of the first view. */
  on: boolean;
  /** A number that can be asked about with the chart's `probe` key and `:KEY=VALUE` after it. */
  slider?: Slider;
};

/** How the page wants to see a chart. */
export type ChartView = {
  /** Size of the sheet, px. */
  width?: number;
  height?: number;
  dark?: boolean;
  /** Range of an axis in its unit (zoom); absent: the whole run. */
  x?: [number, number] | null;
  y?: [number, number] | null;
  /** Ids of the series to show; absent: as the chart says. */
  shown?: string[] | null;
  /** Ids of the layers to show; absent: as the chart says. */
  layers?: string[] | null;
  /**
   * Step of the clock, from 0, that bars and paths show; absent: bars show the first
   * step, paths their whole length.
   */
  cursor?: number | null;
  /** Every series has dashes of its own, so that grey is enough to tell them apart. */
  grey?: boolean;
  /** The numbers of the strokes are given, too. */
  curves?: boolean;
};

/** One statement to choose. */
export type Choice = {
  say: string;
  right: boolean;
  /** What is said to who chose it. */
  reply: string;
};

/** One answer that may be chosen: its value in the document, and its words. */
export type Choice2 = {
  value: any;
  label: string;
};

/** The time axis of a run. */
export type Clock = {
  /** e.g. `interval` */
  name: string;
  steps: number;
  minutes_per_step: number;
};

/** What is wrong, where something else is to be done about it than about other findings. */
export type Code = 'newer' | 'unknown_preset' | 'other_format';

/** Head of a column of a `Table`. */
export type Column = {
  name: string;
  unit: string;
  /** What of the case it is of. */
  subject?: Subject;
};

/** The members of a community market over some days. */
export type Communities = {
  minutes_per_interval: number;
  /** Begin of the first interval, e.g. `2022-11-14T00:00-08:00`; may be empty. */
  start: string;
  /** Price at which the load serving entity (LSE) sells, $/kWh. */
  lse_usd_per_kwh: number[];
  /** The same as forecast the day before; the mean of each hour where empty. */
  forecast_usd_per_kwh?: number[];
  /** Share of the feeder's own loads; all of them where empty. */
  background?: number[];
  members: Community[];
};

/** Customers behind one meter. */
export type Community = {
  id: string;
  /** A feeder bus. */
  bus: string;
  /** Left out of everything where false. */
  takes_part: boolean;
  load_kw: number[];
  /** None where empty. */
  pv_kw?: number[];
  /** Reactive power per active power of the load. */
  tan_phi?: number;
  battery?: Battery;
  /**
   * Apparent power of the inverters of PV and battery, kVA; where empty the power of the battery and
   * the greatest of PV.
   */
  inverter_kva?: number;
  thermal?: Thermal;
};

/** Where the critical lines come from. */
export type CriticalLines = 'proposed' | 'given';

/** One change of one field. */
export type Cure = {
  label: string;
  path: string;
  value: number;
};

/** A series as it is drawn: the corners of its strokes, in data. */
export type Curve = {
  series: string;
  name: string;
  /** Runs without a gap, inside the range of the axes. */
  runs: [number, number][][];
};

/** Everything of one day, planned ahead and operated in real time. */
export type Day = {
  periods: number;
  minutes_per_period: number;
  /** Cost of a MWh by which an adjustable load misses its energy of the day. */
  shortage_usd_per_mwh: number;
  profiles: Profile[];
  /** Generators without an entry cost what their offer says. */
  costs: QuadraticCost[];
  renewables: Renewable[];
  adjustable: Adjustable[];
  deferrable: Deferrable[];
  storage?: Storage[];
};

/**
 * A DC line between two transmission buses: the dispatch chooses its flow p, taken out at `from`, of which
 * (1 − `loss_share`) p arrives at `to`.
 */
export type DcLine = {
  id: string;
  from: string;
  to: string;
  /** Least flow, negative from `to` to `from`. */
  min_p_mw: number;
  max_p_mw: number;
  /** Share of the flow that is lost on the way. */
  loss_share?: number;
};

/**
 * A load on a feeder with an energy Ẽ wanted within a window: E is worth −u·E² + 2u·Ẽ·E, and
 * 0 ≤ E ≤ Ẽ. A window that starts after it ends goes over midnight; its two parts share one energy.
 */
export type Deferrable = {
  id: string;
  bus: string;
  max_p_mw: number;
  energy_mwh: number;
  /** First and last period of the window. */
  first_period: number;
  last_period: number;
  /** u, $ per MWh². */
  usd_per_mwh2: number;
  tan_phi?: number;
};

/**
 * A distributed energy resource. Like a generator from 0 to `max_p_mw`; `bus` is a transmission
 * bus, or a feeder bus which then injects at its feeder's boundary.
 */
export type Der = {
  id: string;
  bus: string;
  min_p_mw?: number;
  max_p_mw: number;
  offer: Block[];
};

/** Without an agreement. */
export type Disagreement = 'shadow' | 'rebased';

/** Where the distribution factors come from. */
export type DistributionFactors = {
  rule: Rule;
  /** Number of past factors averaged by `moving_average`. */
  window: number;
  /**
   * Weights of the past factors in `weighted`, newest first; what counts is their size against
   * their sum.
   */
  weights: number[];
  /** Weight of the newest observation in `smoothing`, above 0 to 1. */
  alpha: number;
  /** Factors of the rule `given`, by DER; members not listed share the rest by capacity. */
  given: Record<string, number>;
};

/** A scenario and a view of its outcome. */
export type Document = {
  version: number;
  title: string;
  /** The preset it started from, whose printed numbers are shown beside ours; empty if none. */
  preset: string;
  case: Case;
  mechanism: Mechanism;
  view: View;
  /** A lesson in the place of the preset's own. */
  lesson?: Lesson;
};

/** A chart on its sheet. */
export type Drawing = {
  svg: string;
  frame: Frame;
  legend: LegendItem[];
  points: Readout[];
  /** What the numbers in circles stand for, 1 first; empty where names stand in the picture. */
  key: string[];
  /** The strokes of series in numbers, where the view asks for them. */
  curves?: Curve[];
};

/**
 * The curves of inverters over the voltage, p.u.
 *
 * Volt-var: defaults of category B of IEEE 1547-2018. The others are straight between the ends.
 */
export type Droop = {
  /** All that is injected up to the first, nothing from the second on. */
  inject_full_pu: number;
  inject_none_pu: number;
  /** Nothing is absorbed up to the first, all from the second on. */
  absorb_none_pu: number;
  absorb_full_pu: number;
  /** The most reactive power as a share of the inverters' apparent power. */
  most_share: number;
  /** The battery does not charge up to the first, with all its power from the second on. */
  charge_none_pu: number;
  charge_full_pu: number;
  /** The inverters feed in all up to the first, nothing from the second on. */
  feed_full_pu: number;
  feed_none_pu: number;
};

/** If the offer `start` of period `start_period` is started, the offer `on` of `on_period` is on. */
export type DurationPair = {
  start?: string;
  start_period: number;
  on?: string;
  on_period: number;
};

/** One straight edge of `Mark::Edges`. */
export type Edge = {
  from: [number, number];
  to: [number, number];
  label: string;
};

/** One payment. Both sides are named, so every ledger sums to zero by construction. */
export type Entry = {
  payer: string;
  payee: string;
  /** What is paid for, e.g. `energy`. */
  item: string;
  /** $; negative when the money flows from payee to payer. */
  amount_usd: number;
};

/** Bids of which at most one is accepted. */
export type ExclusiveGroup = {
  id: string;
  bids: string[];
};

/** Why a number is what it is. */
export type Explained = {
  /** The number with what it is made of, in a sentence. */
  headline: string;
  value: number;
  /**
   * Where any value between two is right, as a price where the next MWh costs other than the last saves: least and
   * greatest.
   */
  range?: [number, number];
  unit: string;
  /** The value by its parts in symbols, as LaTeX; empty where there is none. */
  formula?: string;
  /** They add up to the value. */
  parts: Addend[];
  /** The chain in order: each part, the next unit, the last where it is another, what does not run and why. */
  sentences: string[];
  /** Steps taken by another solver. */
  proofs: Proof[];
  /**
   * Row by row with its subject: `parts`, what parts are products of, their factors and then they themselves;
   * `next` and `last`, what moves with the next unit and with the last, first by how much.
   */
  tables: Table[];
};

/** A radial distribution feeder. */
export type Feeder = {
  id: string;
  base_kv: number;
  /** Bus at the substation, one of `buses`. */
  root: string;
  /** Voltage that the substation holds. */
  root_v_pu?: number;
  buses: FeederBus[];
  lines: FeederLine[];
};

/** A bus of a feeder: its load (consumption +) and the band of its voltage. */
export type FeederBus = {
  id: string;
  p_load_mw: number;
  q_load_mvar: number;
  min_v_pu: number;
  max_v_pu: number;
};

/** A line of a feeder: series impedance, no shunts, and its limits. */
export type FeederLine = {
  id: string;
  from: string;
  to: string;
  r_ohm: number;
  x_ohm: number;
  /** Limit on the apparent power at either end. */
  max_s_mva: number | null;
  /** Least active power from `from` to `to`: with `max_p_mw` a limit that differs by direction. */
  min_p_mw?: number;
  max_p_mw?: number;
};

/** One input: where it stands in the document, what it is called, what it is now and what is allowed. */
export type Field = {
  path: string;
  label: string;
  /** That of all numbers here: the unit it is read in. */
  unit: string;
  /** How many of its unit one of the document's is, where it is read in another: what is typed is divided by it. */
  times?: number;
  help: string;
  value: any;
  /** The preset's value, to mark and undo a change; nothing where there is no preset. */
  initial?: any;
  kind: Kind;
  min: number | null;
  max: number | null;
  step: number | null;
  slider: boolean;
  /** One of the few that matter most: it stands beside the picture. */
  lever?: boolean;
  /** May be empty (`null`): no limit. */
  optional: boolean;
  options: Choice2[];
  /** The options are those of a form known before, and left out. */
  options_known?: boolean;
  /** Of the case, not of the question or the view. */
  of_case: boolean;
  /** Of the view: what is solved is the same whatever it says. */
  of_view?: boolean;
  /** What of the case it is about. */
  subject?: Subject;
};

/** Rows of like things, e.g. generators. */
export type FieldTable = {
  columns: GridColumn[];
  rows: GridRow[];
  /** Places of these rows among all, from 0, where those alone are here that differ from a form known before. */
  places?: number[];
};

/** How a curve is written into the area above. */
export type Form = 'steps' | 'cuts' | 'nested_cuts';

/**
 * The plot's rectangle in px of the sheet, and the numbers at its edges:
 * `x = x0 + (px − left) / (right − left) · (x1 − x0)`, and
 * `y = y0 + (bottom − py) / (bottom − top) · (y1 − y0)`.
 */
export type Frame = {
  left: number;
  right: number;
  top: number;
  bottom: number;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
};

/**
 * A generator. Its offer covers 0 to `max_p_mw`, prices not decreasing; the last price goes on where
 * the blocks add up to less. `min_p_mw` is taken first.
 */
export type Generator = {
  id: string;
  bus: string;
  min_p_mw: number;
  max_p_mw: number;
  offer: Block[];
  /**
   * Cost of running at no output, $/h: part of the cost whatever is produced, as every generator of
   * a case runs.
   */
  no_load_usd_per_h?: number;
  /** Ramp limit up and down; `null` means not limited. */
  ramp_mw_per_min: number | null;
};

/** Values of the whole day as expected at each slot, $. */
export type Given = {
  dsos: string[];
  /** Utility with and without cooperation, by DSO and slot. */
  utility_co_usd: number[][];
  utility_non_usd: number[][];
  /** Generation cost with and without cooperation, by slot. */
  cost_co_usd: number[];
  cost_non_usd: number[];
};

/** Bids of one interval. */
export type Given2 = {
  lse_usd_per_kwh: number;
  bids: GivenBid[];
};

/** A decreasing curve by its corners: demand from least to most, prices from high to low. */
export type GivenBid = {
  id: string;
  min_kw: number;
  preferred_kw: number;
  max_kw: number;
  top_usd_per_kwh: number;
  above_usd_per_kwh: number;
  below_usd_per_kwh: number;
  bottom_usd_per_kwh: number;
};

/** At which exports an area is sampled. */
export type Grid = 'adaptive' | 'uniform';

/** Head of a column of a `Grid`. */
export type GridColumn = {
  name: string;
  unit: string;
};

/** One thing of a `Grid`, with a field per column; `null` where it has nothing to ask there. */
export type GridRow = {
  id: string;
  label: string;
  cells: (Field | null)[];
  subject?: Subject;
};

/** How a prediction is made, with what is right. */
export type Guess = {
  kind: 'choose';
  choices: Choice[];
} | {
  kind: 'number';
  answer: number | null;
  unit: string;
  /** Largest difference that counts as right. */
  tolerance: number;
  sign: Sign;
  between?: [number, number];
  reply: string;
} | {
  kind: 'sketch';
  series: string;
  name: string;
  unit: string;
  from: number;
  between: [number, number];
  reply: string;
};

/** q ≥ (or ≤) `slope`·p + `offset_mvar`. */
export type HalfPlane = {
  slope: number;
  offset_mvar: number;
  /** q lies above the line; else below. */
  above: boolean;
};

/** What a reader kept, changed, left out and assumed, in sentences with counts and units. */
export type Import = {
  /** Kind and name of the file. */
  format: string;
  kept: string[];
  /** Held in another form. */
  changed: string[];
  left_out: string[];
  /** What the file does not say. */
  assumed: string[];
};

/** What a series runs over. */
export type Index = {
  kind: 'clock';
} | {
  kind: 'numbers';
  name: string;
  unit: string;
  at: (number | null)[];
};

/** State estimation before the first interval. */
export type Initial = {
  /** Output by generator in MW; when empty, the merit order without network limits. */
  generators: Record<string, number>;
  /** Output by DER in MW; those not listed are at their minimum. */
  ders: Record<string, number>;
};

/** A net injection at a bus: one value per period, or one for all periods. */
export type Injection = {
  id: string;
  /** A transmission or feeder bus. */
  bus: string;
  p_mw: number[];
  q_mvar?: number[];
};

/** What a field takes, and so how the form asks for it. */
export type Kind = 'number' | 'choice' | 'text' | 'list';

/** All payments of a run. */
export type Ledger = Entry[];

/** One line of the legend, which the page writes in HTML. */
export type LegendItem = {
  series: string;
  name: string;
  /** `#rrggbb` */
  colour: string;
  dashed: boolean;
  shown: boolean;
  /** A sample of the line with its marker: an SVG of 28 × 12 px. */
  swatch: string;
  /** Where lines coincide: the names of all of them for the one that is drawn, nothing for the others. */
  together?: string;
};

/** What stands around a scenario. What is left empty is that of the preset, or is left out. */
export type Lesson = {
  /** What the scenario is opened to find out. */
  question?: string;
  /** The setting of the question, in two sentences. */
  situation?: string;
  /** The answer in words: the first that holds. */
  answer?: Saying[];
  /** What to look at first. */
  look?: Look;
  /** What is asked before the answer is seen. */
  predict?: Predict;
  steps?: Step[];
  /** Paragraphs: all that hold. */
  why?: Saying[];
  /** Ids of presets to go on with. */
  next?: string[];
};

/** What the reader predicts, does and learns around the question. */
export type Lesson2 = {
  predict?: Prediction;
  steps: LessonStep[];
  /** Paragraphs. */
  why: string[];
  next: Next[];
};

/** Something to do, and what to watch. */
export type LessonStep = {
  say: string;
  /** Changes of inputs that do it: path and value. */
  change: [string, any][];
  /** Id of a chart, or of a drawer. */
  watch: string;
  /** It has come about. */
  done: boolean;
};

/** How much a `Message` weighs. */
export type Level = 'info' | 'warning' | 'error';

/** Whom a preset is for. */
export type Level2 = 'start' | 'course' | 'research';

/** Ids of one or more lines. */
export type Lines = string | string[];

/** A scenario in a link, and which form it took. */
export type Link = {
  /** The fragment without `#`. */
  fragment: string;
  short: boolean;
};

/** An inelastic load. */
export type Load = {
  id: string;
  bus: string;
  p_mw: number;
  q_mvar?: number;
};

/** The balancing market of one feeder, with the TSO's market as the outside option. */
export type LocalMarket = {
  feeder: string;
  periods: number;
  minutes_per_period: number;
  /** Cost of a MWh over a limit of the network. */
  overload_usd_per_mwh: number;
  /**
   * Energy the feeder lacks against its schedule, by period; a surplus is negative. Shared over
   * the buses as the load is.
   */
  imbalance_mwh: number[];
  day_ahead_usd_per_mwh: number[];
  /**
   * What the TSO's market charges for energy, in multiples of the day-ahead price: one value, or
   * one per period.
   */
  tso_up: number[];
  /** What it pays for energy, likewise. */
  tso_down: number[];
  /** Share of the load of the buses that is there, by period; 1 where empty. */
  load_factor?: number[];
  /**
   * Energy the TSO lacks itself, by period, which it may cover with what the DSO forwards; none
   * where empty.
   */
  tso_imbalance_mwh?: number[];
  resources: LocalResource[];
  /** What joins the periods: energy kept from one for another. */
  storage?: LocalStorage[];
};

/** A generator or flexible load of a balancing service provider. */
export type LocalResource = {
  id: string;
  bus: string;
  /** The balancing service provider that bids it. */
  owner: string;
  max_up_mw: number;
  max_down_mw: number;
  /** Cost of a MWh upwards in multiples of the day-ahead price: one value, or one per period. */
  up_cost: number[];
  /** What a MWh downwards saves, likewise. */
  down_value: number[];
};

/** A storage of a balancing service provider: upwards it discharges, downwards it charges. */
export type LocalStorage = {
  id: string;
  bus: string;
  /** The balancing service provider that offers it. */
  owner: string;
  /** Most power discharged, at the bus. */
  max_up_mw: number;
  /** Most power charged, at the bus. */
  max_down_mw: number;
  /** Most energy stored. */
  energy_mwh: number;
  /** Energy stored when the day begins. */
  initial_mwh: number;
  /** Least energy stored when the day ends; as when it begins, where absent. */
  min_final_mwh?: number;
  /** η_c: energy stored per energy drawn. */
  charge_efficiency: number;
  /** η_d: energy fed in per energy taken out. */
  discharge_efficiency: number;
  /** Cost of a MWh discharged. */
  wear_usd_per_mwh: number;
};

/**
 * What of a report is looked at first; what is left empty is chosen by the order of charts and by the
 * inputs that matter most to the mechanism.
 */
export type Look = {
  /** Id of the chart that answers. */
  chart?: string;
  /** Paths of at most three inputs to try. */
  inputs?: string[];
  /** Id of the number of the summary, or of the series, shown large. */
  number?: string;
  /** The step to begin at, from 1. */
  step?: number;
  /** The drawer that stands open. */
  drawer?: string;
  /** The network has nothing to show of it. */
  without_network?: boolean;
};

/** What lines lose. */
export type LossModel = 'none' | 'marginal';

/** One thing drawn in a chart, by the ids of its series or with its own numbers. */
export type Mark = {
  mark: 'line';
  series: string;
  role: Role;
  step: boolean;
  points: boolean;
  dashed: boolean;
  /** Part of the first view; the rest is one press away in the legend. */
  shown: boolean;
} | {
  mark: 'rule';
  value: number;
  label: string;
} | {
  mark: 'diagonal';
  label: string;
} | {
  mark: 'point';
  x: number;
  y: number;
  label: string;
} | {
  mark: 'flag';
  at: number[];
  label: string;
} | {
  mark: 'bars';
  labels: string[];
  series: string[];
  role: Role;
} | {
  mark: 'rows';
  names: string[];
  /** The `Alternative` that each row is of, by its id; empty where none can be chosen. */
  alternatives?: string[];
  /** What of a row breaks a limit, in words, where anything does: hatched from the first to the last of its dots. */
  over?: string[];
} | {
  mark: 'dots';
  series: string;
  role: Role;
  hollow: boolean;
  joined: boolean;
  shown: boolean;
} | {
  mark: 'walk';
  series: string;
  role: Role;
} | {
  mark: 'surface';
  /** What the value is, e.g. `cost`. */
  label: string;
  unit: string;
  cells: SurfaceCell[];
  /** Values that the colours tell apart; those beyond have the colours of its ends. Absent: all. */
  range?: [number, number];
} | {
  mark: 'edges';
  edges: Edge[];
} | {
  mark: 'outline';
  label: string;
  role: Role;
  corners: [number, number][];
} | {
  mark: 'parts';
  /** What all of them are. */
  label: string;
  role: Role;
  /** Filled with a hatch; otherwise only bordered. */
  hatched: boolean;
  /** They are beyond a limit. */
  over: boolean;
  steps: Named[][];
} | {
  mark: 'triangulation';
  label: string;
  points: [number, number][];
  /** Indices of points. */
  excluded: number[];
  /** Pairs of indices of points. */
  segments: [number, number][];
};

/** The question to a mechanism; one per folder. */
export type Mechanism = {
  kind: 'rt_sced';
  method: Method;
  df: DistributionFactors;
  equivalent: NetworkEquivalent;
  /** Number of dispatch intervals, 1 to `RtSced::MAX_INTERVALS`. */
  intervals: number;
  interval_minutes: number;
  /**
   * Intervals cleared together, of which only the first binds: 1 looks no further than itself,
   * at most `RtSced::MAX_HORIZON`.
   */
  look_ahead_intervals: number;
  /** Multiplier of every load per interval; the last one holds on, empty means 1. */
  load_profile: number[];
  operation: Operation;
  /** What lines lose. */
  losses: LossModel;
  /** Losses after which every line stays within its rating. */
  security: Security;
  /** Rating of a line after an outage, as a share of its rating. */
  rating_after_outage: number;
  /**
   * Minutes that units have after the loss of a line to move, each by its ramp, until every line is within that
   * rating; 0: nothing moves.
   */
  corrective_minutes: number;
  /** Bus the energy component of the LMP refers to; empty: distributed as the load is. */
  reference: string;
  initial: Initial;
  /** DER whose output is followed in the stability view; empty: the one that swings most. */
  watch: string;
  /** Every rule of the paper's Fig. 8 is run as well and drawn beside the others. */
  rules_beside: boolean;
} | {
  kind: 'residual_supply';
  scheme: Scheme;
  /** How feeders are modelled. */
  physics: Physics;
  rsf: Rsf;
  /** Where the cone is not tight, steps back to an AC power flow after the disaggregation. */
  recover_ac: boolean;
  /** What balancing service providers are paid. */
  settlement: Settlement;
  /**
   * Price at which the local market values energy while it solves its congestion, $/MWh; the
   * transmission price without distribution bids where empty.
   */
  reference_usd_per_mwh: number | null;
} | {
  kind: 'bargaining';
  /** The rule that the ledger and the headline follow; the report shows all. */
  settlement: Rule2;
  /** What each player falls back on in a bargain. */
  disagreement: Disagreement;
  /**
   * Bargaining powers of the ISO and the DSOs by feeder; players not named, or all if empty, have
   * a weight of 1.
   */
  powers: Power[];
  /** Most that a DSO pays, or is paid, in a slot of the Nash bargain, $; any amount where empty. */
  most_paid_usd: number | null;
  /** How feeders are modelled. */
  physics: Physics;
  /** Values of a day to settle; the day is computed from the case where empty. */
  given: Given | null;
  /** Slot from 1 that the coalitions and the misreport are about. */
  slot: number;
  /** Values of all coalitions at that slot, with Shapley value, nucleolus and core. */
  coalitions: boolean;
  /** The plan of the day before by prices and quantities alone, beside the one in one program. */
  decomposition: boolean;
  /**
   * The common dispatch of that slot and the rest of its day by prices and quantities alone, beside the
   * one in one program.
   */
  real_time_exchange: boolean;
  /** The bargain before the day, over scenarios of the forecast errors. */
  risk: Risk;
  /** What a DSO gains by reporting other wishes than it has; not asked at 0 %. */
  misreport: Misreport;
} | {
  kind: 'bsp_bidding';
  /** The network on which the DSO clears its market. */
  network: Network;
  /**
   * Owners that bid strategically; the first owner of the case where empty. With several each
   * answers the others in turn.
   */
  strategic: string[];
  settlement: Settlement2;
  /** How the best bids are found. */
  method: Method2;
  /** Nodes of the search after which it ends with a bound, per period. */
  node_limit: number;
  /** Highest bid upwards in multiples of the day-ahead price; a bid may always cover its cost. */
  max_up_bid: number | null;
  /** Lowest bid downwards, likewise; a bid may always ask for its value. */
  min_down_bid: number | null;
  /** Bids far from their cost are replaced. */
  monitoring: Monitoring | null;
  /** The reader's bids for the first strategic owner; empty for none. */
  own: OwnBid[];
  /** Period from 1 in which the ways to the best bids are compared, and which is handed over. */
  hour: number;
  /**
   * Two resources whose bids the chart of profits is over; the first two of the strategic owner
   * where empty.
   */
  resources: [string, string] | null;
  /** What the DSO maximises when it says what the TSO may use. */
  weight: Weight;
  /** Points drawn to check that everything the DSO forwards is safe, per period. */
  samples: number;
  /** Rounds of answers after which several strategic owners are left as they are. */
  rounds: number;
  /**
   * What the strategic owner expects of the TSO's market; without it bids are for the DSO's market
   * alone.
   */
  tso_market: TsoMarket | null;
  /**
   * What the DSO forwards as a residual supply function, beside the box, and the common market
   * through such functions, in that period.
   */
  handover: boolean;
} | {
  kind: 'community';
  bid: BidForm;
  /**
   * k: half the span of bid prices in standard deviations of past prices; the slider of the
   * four-point form, where 0 is a bid at any price.
   */
  sensitivity: number;
  /** ι: half the drop of the bid price at the preferred demand, $/kWh. */
  intercept_usd_per_kwh: number;
  /** Steps of a bid on either side of the preferred demand. */
  steps: number;
  /** What a community takes for its load and PV when it bids. */
  baseline: Baseline;
  /** Most that the LSE can deliver to the communities, kW; not limited where empty. */
  lse_capacity_kw: number | null;
  /** Price of energy that nobody can deliver, $/kWh. */
  cap_usd_per_kwh: number;
  /** State of charge that every schedule ends with; free where empty. */
  terminal_soc: number | null;
  /** Worth of what is stored beyond it at the end, $/kWh. */
  terminal_usd_per_kwh: number;
  /** Wear of the battery, $ per kWh charged or discharged. */
  wear_usd_per_kwh: number;
  /** Price of spinning reserve, $ per MW and hour; none is sold at 0. */
  reserve_usd_per_mw_h: number;
  /** For how long it has to last, h. */
  reserve_hours: number;
  /** Days from the start; all where empty. */
  days: number | null;
  /** Standard deviation of forecasts of prices, load and PV by the hour, %. */
  forecast_error_percent: number;
  /** Share of a forecast's error that is there an hour later, too. */
  forecast_persistence: number;
  /** Standard deviation of what a community reads of its own net load when it bids, % of its load. */
  meter_noise_percent: number;
  seed: number;
  /** Seeds over which the ways to buy are compared, from `seed` on. */
  draws: number;
  /** Limits of the feeder in the clearing. */
  network: boolean;
  physics: Physics;
  /** What communities do about the voltage where they are connected, in every interval. */
  reaction: Reaction;
  droop: Droop;
  /** The flat tariff with its demand charge. */
  tariff_usd_per_kwh: number;
  demand_usd_per_kw_month: number;
  /** One interval given as bids; nothing is simulated. */
  given: Given2 | null;
  /** Hands the communities' bids of one interval to the balancing market above. */
  thread: boolean;
  /** That interval, from 1. */
  thread_interval: number;
} | {
  kind: 'power_flow';
  /** What all loads, active and reactive, are multiplied by. */
  load_factor: number;
  /** Generation by bus, MW, at unity power factor; a negative one is further load. */
  generation_mw: Record<string, number>;
};

/** Something the user should know, and what to do about it. */
export type Message = {
  level: Level;
  text: string;
  /** Path of the field in the scenario, e.g. `case.branches.2-3.max_p_mw`. */
  field: string | null;
  /** Changes that would cure it; the page offers them as buttons. */
  cures: Cure[];
};

/** How the ISO's dispatch sees the aggregated DERs. */
export type Method = 'distribution_factors' | 'union_jack' | 'exact_curve' | 'optimal';

/** How the bids that earn a strategic owner most are found. */
export type Method2 = 'branching' | 'milp' | 'enumeration';

/** A DSO that reports other wishes than it has. */
export type Misreport = {
  /** Id of a feeder; the first DSO where empty. */
  dso: string;
  of: Wish;
  /** Largest change reported, in %, up and down. */
  percent: number;
};

/** A bid further than `threshold` (a share of its cost) from its cost is replaced by the cost. */
export type Monitoring = {
  threshold: number;
};

/** One convex part of `Mark::Parts`. */
export type Named = {
  /** Written in it where there is room; may be empty. */
  label: string;
  /** In order around it. */
  corners: [number, number][];
};

/** Points joined by segments. */
export type Net = {
  /** What it costs, in a sentence. */
  says: string;
  /** The same as a number: the last interval above its optimum, $/h. */
  above_optimum_usd_per_h?: number;
  points: [number, number][];
  /** Indices of points that take part in no triangle. */
  excluded: number[];
  /** Pairs of indices of points. */
  segments: [number, number][];
};

/** The network of the DSO's market. */
export type Network = 'linear' | 'cone';

/** The network equivalent of aggregators, `Eq. [zuo2022](11)` to `(16)`. */
export type NetworkEquivalent = {
  lines: CriticalLines;
  /**
   * Critical lines by aggregator, for `given`: one line, or a list. Aggregators not listed are
   * seen through their factors.
   */
  critical_lines: Record<string, Lines>;
  /** The Union Jack has (2^m + 1)² vertices, m from 1 to `RtSced::MAX_M`. */
  m: number;
  rectangle: Rectangle;
  /** Sides of the rectangle `own`. */
  own: Sides;
};

/** A preset to go on with. */
export type Next = {
  id: string;
  title: string;
  question: string;
};

/** Changes of inputs made together at the press of a button. */
export type Offer = {
  label: string;
  /** Path and value of each input. */
  changes: [string, number][];
};

/** What actual operation does with an instruction that overloads a line. */
export type Operation = 'as_instructed' | 'curtailed';

/** The reader's bids of one resource in multiples of the day-ahead price, the same in every period. */
export type OwnBid = {
  /** Resource. */
  id: string;
  up: number;
  down: number;
};

/** What hangs on a bus of the meshed grid by one branch, without a loop. */
export type Part = {
  /** The branch that it hangs on. */
  id: string;
  /** What is in it. */
  text: string;
  /**
   * Whether it is taken for distribution where nobody chooses: it takes more than its units can give, is not of the highest
   * of several nominal voltages, and is among the largest of these; the first where there is none.
   */
  proposed: boolean;
};

/** What a bid offers in one period (Q-bid). */
export type PeriodOffer = {
  /**
   * Same for the offers that follow each other over the periods; may be empty when there is one
   * per period.
   */
  id?: string;
  /** From 1. */
  period: number;
  segments: Segment[];
  /** Start and stop are decided against the offer of the same id in the period before. */
  start_stop?: boolean;
  /** May go on, may not start. */
  no_new_activation?: boolean;
};

/** How a feeder is modelled. */
export type Physics = 'lossless' | 'lin_dist_flow' | 'branch_flow';

/** Work that several workers can share. */
export type Pieces = {
  /** What the pieces are, e.g. `residual supply functions`. */
  name: string;
  count: number;
};

/** Weight of a player in the bargain. */
export type Power = {
  /** `ISO`, or the id of a feeder. */
  id: string;
  weight: number;
};

/** A prediction to make. */
export type Predict = {
  kind: 'choose';
  ask: string;
  choices: Statement[];
  hide?: string[];
} | {
  kind: 'number';
  ask: string;
  of: string;
  unit: string;
  tolerance: number;
  sign: Sign;
  /** Ends of a slider to drag. */
  between?: [number, number];
  reply: string;
  hide?: string[];
} | {
  kind: 'sketch';
  ask: string;
  of: string;
  /** The first step to draw, from 1. */
  from: number;
  /** Ends of the scale. */
  between: [number, number];
  reply: string;
  hide?: string[];
};

/** What is asked before the answer is seen. */
export type Prediction = {
  ask: string;
  /**
   * What else gives the answer away: ids of charts, or `network`. The answer and the chart that answers are
   * always covered.
   */
  hide: string[];
  guess: Guess;
};

/** What the menu shows of a preset. */
export type Preset = {
  id: string;
  /** Heading under which it is listed: the mechanism. */
  group: string;
  title: string;
  question: string;
  text: string;
  /** The chart on its card. */
  thumbnail: string;
  /** The system it is about, in words. */
  system: string;
  /** Its mechanism, in words. */
  mechanism: string;
  level: Level2;
  /** Minutes to work through it. */
  minutes: number;
  /** Where it comes from: the paper in short. */
  paper: string;
};

/** What holds at one point of a chart that can be probed. */
export type Probe = {
  /** The point lies in the region the chart shows. */
  inside: boolean;
  /** One or two sentences, read aloud when the point moves. */
  sentence: string;
  /** Details at the point; no rows outside the region. */
  table: Table;
  /** Inputs that would make the point the scenario's own. */
  offer?: Offer;
  /** What the point makes of things of the case; series that are not named are not known there. */
  shown?: Shown[];
  /** The step of the clock, from 1, that these are of; of the one in view where empty. */
  step?: number;
  /** The limits of the edges that the point lies on. */
  edges?: string[];
  /** How far the point lies beyond a limit. */
  beyond?: Beyond;
  /** A triangulation of the plane with another number of points than that of the chart. */
  net?: Net;
};

/** One finding: the field, what is wrong with its value, and the remedy. */
export type Problem = {
  severity: Severity;
  /** Dot-separated path such as `case.branches.2-3.max_p_mw`, or `line 12` of an imported file. */
  field: string;
  message: string;
  code?: Code;
  /** Ids that may be meant instead. */
  meant?: string[];
};

/** A quantity over the day, one value per period. */
export type Profile = {
  id: string;
  forecast_mw: number[];
  realised_mw: number[];
};

/** What a price predicts of a step, beside the program solved again a step further. */
export type Proof = {
  /** The step: "0.1 MW more load at bus 24". */
  name: string;
  predicted: number;
  solved: number;
  unit: string;
};

/** A number beside ours: printed, or computed by others. */
export type Published = {
  /** What the number is of, with its step where it has one. */
  item: string;
  /** The same without the step. */
  name: string;
  /** Series, or summary quantity, that it is a number of. */
  of?: string;
  /** Step of the clock, from 1; absent where the number is of no step. */
  step?: number;
  printed: number;
  /** Decimals of the printed number. */
  digits: number;
  unit: string;
  ours: number | null;
  /** ours − printed. */
  difference: number | null;
  /** Ours, rounded half up to the printed decimals, is the printed number. */
  agrees: boolean;
  /** The printed number depends on what its source does not print: neither agrees nor differs. */
  not_comparable?: boolean;
  /** Why it is not comparable, in a few words; empty where it is. */
  reason?: string;
  /** How far off a number read off a figure can be, in `unit`; absent where nothing was read off. */
  reading?: number;
  verdict: Verdict;
  source: string;
  note: string;
};

/** Cost a·g² + b·g of one hour at g MW, from 0 to the generator's `max_p_mw`. */
export type QuadraticCost = {
  generator: string;
  a_usd_per_mw2h: number;
  b_usd_per_mwh: number;
  /** Not in the plan of the day before; there in real time. */
  fast_start?: boolean;
};

/** One number of the summary. `value` is absent where the quantity does not exist. */
export type Quantity = {
  /** Stable key, e.g. `cost_mean`; what a parameter sweep records. */
  id: string;
  name: string;
  value: number | null;
  unit: string;
  /** What the number means, in a few words. */
  note: string;
};

/** `min_mw` ≤ p(`period` + 1) − p(`period`) ≤ `max_mw`. */
export type Ramp = {
  period: number;
  min_mw: number | null;
  max_mw: number | null;
};

/** What communities do about the voltage that they see. */
export type Reaction = 'both' | 'none' | 'volt_var' | 'back_off';

/** A unit with the one it is read in, and how many of that it is. */
export type ReadIn = {
  unit: string;
  read_in: string;
  times: number;
};

/**
 * A series whose exact values the page can read out at the cursor; the values are in the
 * report. JSON: `{"series":"p:G1","name":"G1","unit":"MW"}`, and for a bar also
 * `"at":[x,y]`, the middle of its end in px.
 */
export type Readout = {
  series: string;
  name: string;
  unit: string;
  at?: [number, number];
};

/** The rectangle that a Union Jack covers, P_a by P_l''. */
export type Rectangle = 'natural' | 'tight' | 'own';

/**
 * A renewable source on a feeder; what it does not feed in is spilled free of charge. Its reactive
 * power lies between minus and plus the power available.
 */
export type Renewable = {
  id: string;
  bus: string;
  profile: string;
};

/** The answer to one scenario. */
export type Report = {
  status: Status;
  /** Title of the scenario that was solved. */
  title: string;
  /** One sentence with the number that matters; read aloud after every change. */
  headline: string;
  /** What the scenario is opened to find out; empty without a preset. */
  question?: string;
  /** The setting of the question, in two sentences. */
  situation?: string;
  /**
   * The answer to the question, from the numbers of this report: one sentence, or one for every step of the
   * clock where it speaks of a step; the headline answers where it is empty.
   */
  answer?: string[];
  /** What to look at first. */
  look: Look;
  /** Short facts shown as badges beside the headline, the market's before those of the solving. */
  badges: Badge[];
  summary: Quantity[];
  /** The time cursor every chart, table and diagram follows, where there is one. */
  clock: Clock | null;
  series: Series[];
  charts: Chart[];
  tables: Table[];
  ledger: Ledger;
  certificates: Certificate[];
  published: Published[];
  /** Numbers beside ours that nobody printed: by hand or by another program, as their source says. */
  also_computed?: Published[];
  /** How many of `published` agree, differ and so on, in a sentence. */
  published_said?: string;
  /** The same of `also_computed`. */
  also_computed_said?: string;
  messages: Message[];
  /** What became of the file the case was read from. */
  import?: Import;
  /**
   * The step, from 0, that tells most: where the time cursor starts. The first step flagged in a
   * chart, or the first, where empty.
   */
  start?: number;
  /**
   * Path of an input, counted from 1, that follows the time cursor: what is shown of one step is
   * then of the step at the cursor.
   */
  follow?: string;
  /**
   * Summaries of charts that show the step at the time cursor, one for every step; the chart's own
   * summary is that of the last.
   */
  captions?: Captions[];
  /** A question to the reader, with the number to find. */
  task?: Task;
  /** What the reader predicts, does and learns. */
  lesson?: Lesson2;
  /** Parties of the ledger that are of the case. */
  parties?: Subject[];
  /**
   * Units that are read in another: those in which page, terminal and sentences give the numbers that stand
   * here in the units of the system.
   */
  units?: ReadIn[];
  /** One of what can be run side by side on the same case, in a word: `method`, `scheme`. */
  compared: string;
  /** What was run side by side, each with the inputs that make it the scenario; of comparisons. */
  alternatives?: Alternative[];
  /** Communities in place of whose series a user's own can be put. */
  own_series?: string[];
  /** What can be asked why its number is what it is. */
  explains?: SubjectKind[];
  /** The parties among these. */
  explains_parties?: string[];
};

/** Scenarios of the forecast errors, and how much each player minds them. */
export type Risk = {
  /** Scenarios drawn, of equal probability; no bargain under risk at 0. */
  scenarios: number;
  /** Start of the random numbers. */
  seed: number;
  /** Standard deviation of the factors that the day's forecast errors are multiplied by; their mean is 0. */
  spread: number;
  /** Part of the scenarios, the worst ones, that CVaR is the mean of. */
  tail: number;
  /**
   * Weight of CVaR in what a player's gain is worth to it, 0 to 1, by `ISO` and feeder; 0 of a player not
   * named.
   */
  aversion: Power[];
  /** Factors by scenario and profile of the day, instead of those drawn. */
  factors: number[][];
};

/** Who a mark belongs to: the same colour everywhere. */
export type Role = 'generator' | 'der' | 'aggregator' | 'load' | 'line' | 'price' | 'optimum' | 'reference';

/** How residual supply functions are made. */
export type Rsf = {
  variant: Variant;
  grid: Grid;
  /** Points of the uniform grid. */
  points: number;
  /** The adaptive grid stops when no chord can be off by more, $. */
  gap_usd: number;
  /** Most points of the adaptive grid, per area. */
  max_points: number;
  step_price: StepPrice;
  form: Form;
  /** Nested cuts are taken until the clearing, with bids taken in part, can be off by no more, $. */
  clearing_gap_usd: number;
  /** Further exchanges: the cleared exports are sampled, too, and the market clears again. */
  rounds: number;
};

/** How the output of an aggregator is expected to split over its DERs. */
export type Rule = 'capacity' | 'latest_se' | 'unscheduled' | 'moving_average' | 'mean_of_all' | 'smoothing' | 'weighted' | 'merit_order' | 'block' | 'given';

/** How the gain is shared. */
export type Rule2 = 'lmp' | 'nash' | 'telescoping';

/** A sentence, and when it is true. */
export type Saying = {
  /** Holds always where it is empty. */
  when?: string;
  say: string;
};

/** Who sees what, and in which order. */
export type Scheme = 'rsf' | 'common' | 'centralised_as' | 'local_as' | 'sequential_filtered' | 'shared_balancing' | 'no_dso_bids' | 'integrated';

/** A part of the form: fields, and under them a table where it has one. */
export type Section = {
  title: string;
  /** Open when the page opens. */
  open: boolean;
  note: string;
  fields: Field[];
  table: FieldTable | null;
};

/** What may be lost without a line over its rating. */
export type Security = 'none' | 'lines' | 'lines_and_units';

/** A quantity at one price: σ·`min_p_mw` ≤ p ≤ σ·`max_p_mw` with σ on or off. */
export type Segment = {
  min_p_mw: number;
  max_p_mw: number;
  usd_per_mwh: number;
  /** All or nothing: p = σ · the end farther from zero. */
  indivisible?: boolean;
};

/** A quantity over an index. Missing values are NaN here and `null` in JSON. */
export type Series = {
  /** Stable key: `<kind>:<item>`, e.g. `flow:2-3`, `lmp:4`, `p:G1`. */
  id: string;
  name: string;
  unit: string;
  index: Index;
  /** Missing values are NaN. */
  values: Float64Array;
  /** What of the case it is of. */
  subject?: Subject;
};

/** Price paid for activated energy. */
export type Settlement = 'nodal' | 'balancing_price';

/** What an activated MWh is paid. */
export type Settlement2 = 'pay_as_bid' | 'uniform';

/** Whether a `Problem` keeps the case from being used. */
export type Severity = 'error' | 'warning';

/** Shift factor of one bus on one limit, MW per MW. */
export type ShiftFactor = {
  bus: string;
  factor: number;
};

/** The value of a series at a point. */
export type Shown = {
  /** Its id, as in the report. */
  series: string;
  value: number;
};

/** Sides of a rectangle, MW. */
export type Sides = {
  p_a_min_mw: number;
  p_a_max_mw: number;
  p_other_min_mw: number;
  p_other_max_mw: number;
};

/** What the sign of an answer to a `Task` says. */
export type Sign = 'either' | 'exact';

/** A whole number that is moved. */
export type Slider = {
  key: string;
  name: string;
  from: number;
  to: number;
  /** Where it stands at first: the number that the marks of the layer have. */
  value: number;
};

/** A statement to choose, when it is right, and what is said to who chose it. */
export type Statement = {
  say: string;
  when: string;
  reply: string;
};

/** How the run ended. An infeasible market is an answer, not an error. */
export type Status = 'solved' | 'infeasible';

/** Something to do. */
export type Step = {
  say: string;
  /** Inputs that do it, by path. */
  change?: Record<string, any>;
  /** Id of a chart, or of a drawer, to look at. */
  watch?: string;
  /** When it has come about; never known where it is empty. */
  until?: string;
};

/** How the price of a step follows from the samples at its ends. */
export type StepPrice = 'right_end' | 'chord';

/**
 * A battery on a feeder. Charging at c MW and discharging at d MW for an hour changes its energy by
 * η_c·c − d/η_d; it holds 0 to `energy_mwh`, and at the end of the day at least `min_final_mwh`. It has
 * no reactive power and no cost of its own.
 */
export type Storage = {
  id: string;
  bus: string;
  /** Most power, charging and discharging alike, at the bus. */
  max_p_mw: number;
  /** Most energy stored. */
  energy_mwh: number;
  /** η_c: energy stored per energy drawn. */
  charge_efficiency: number;
  /** η_d: energy fed in per energy taken out. */
  discharge_efficiency: number;
  /** Energy stored when the day begins. */
  initial_mwh: number;
  /** Least energy stored when the day ends. */
  min_final_mwh: number;
};

/** One thing of the case, by its id. */
export type Subject = {
  kind: SubjectKind;
  id: string;
};

/** What a `Subject` is. */
export type SubjectKind = 'zone' | 'bus' | 'branch' | 'party' | 'boundary';

/** One convex cell of a `Mark::Surface`. */
export type SurfaceCell = {
  /** What holds on the cell, in a few words. */
  label: string;
  /** x, y and value at each corner, in order around the cell. */
  corners: [number, number, number][];
};

/** What is to be swept. */
export type SweepAsk = {
  /** Path of the field. */
  path: string;
  from: number;
  to: number;
  /** Evenly spaced values that come first. */
  points: number;
  /** Solves in all that may be spent. */
  most: number;
  /** The step of the clock, from 1, whose value a series stands for. */
  step: number | null;
};

/** What lies between two breakpoints. */
export type SweepPiece = {
  from: number;
  to: number;
  /**
   * Every number of the summary but curves is straight from end to end, or a parabola; else it is known at the
   * points alone.
   */
  exact: boolean;
  /** Values solved inside it. */
  checks: number;
  /** The solves were spent before it was settled. */
  open: boolean;
  /** The market has an answer. */
  solved: boolean;
};

/** One point of a sweep; no summary where the market has no answer. */
export type SweepPoint = {
  value: number;
  summary: Quantity[] | null;
};

/** Two neighbouring values of a curve on whose sides other things hold. */
export type SweepTurn = {
  from: number;
  to: number;
  /** In words. */
  changes: string[];
};

/** A sweep with what is known between its points. */
export type Swept = {
  /** Ascending; at a breakpoint its value stands twice, with the numbers just before it and just behind it. */
  points: SweepPoint[];
  /** Empty where no breakpoints were looked for. */
  pieces: SweepPiece[];
  breakpoints: Breakpoint[];
  /** Where something changes on curves, no nearer than between two points. */
  turns?: SweepTurn[];
  /** Names of numbers that are curves where the others are straight: they are known at the points alone. */
  curves: string[];
  /** Names of numbers that are parabolas on pieces where the others are straight. */
  parabolas?: string[];
  /** Values solved. */
  solves: number;
  /** Id of the number that the scenario is about. */
  main: string;
};

/** Rows of cells under columns with units. */
export type Table = {
  id: string;
  title: string;
  columns: Column[];
  rows: Cell[][];
  note: string;
  /** Rows are the steps of the report's clock, first step first. */
  by_clock: boolean;
  /** What of the case the rows are of, row by row; empty where that is nothing. */
  row_subjects?: (Subject | null)[];
};

/** A question whose answer is a number of the report. */
export type Task = {
  question: string;
  unit: string;
  /** Shown after a second wrong answer. */
  hint: string;
  /** Shown with the right answer. */
  found: string;
  /** Absent where the preset itself, whose answer it is, has not been solved. */
  answer: number | null;
  /** Largest difference that counts as right. */
  tolerance: number;
  /** Whether the sign belongs to the answer. */
  sign: Sign;
};

/** A building or a water tank that a heat pump keeps warm; its load is beside `load_kw`. */
export type Thermal = {
  /** Heat that warms it by a kelvin, and what it loses per kelvin above the ambient. */
  heat_kwh_per_k: number;
  loss_kw_per_k: number;
  /** Greatest electric power of the heat pump. */
  power_kw: number;
  /** Heat per electric energy. */
  cop: number;
  /** Band of the temperature, and where it starts, °C. */
  min_c: number;
  max_c: number;
  initial_c: number;
  /** Around it, °C: one value, one for each hour of a day, or one per interval. */
  ambient_c: number[];
};

/** What the colour of a `Badge` says. */
export type Tone = 'good' | 'bad' | 'neutral';

/** What a `Chart` is about. */
export type Topic = 'prices' | 'flows' | 'money' | 'region' | 'stability';

/** What an owner expects to earn with a MW that the DSO forwards to the TSO. */
export type TsoMarket = {
  /** Price expected for energy upwards in multiples of the day-ahead price. */
  up_price: number;
  /** Price expected to be paid for energy downwards, likewise. */
  down_price: number;
  /**
   * Share of a MW forwarded upwards that is expected to be activated, or the probability that all
   * of it is.
   */
  up_share: number;
  /** The same downwards. */
  down_share: number;
};

/** What stands for the cost of whole bids. */
export type Variant = 'relaxed' | 'convex_hull' | 'fix_and_price' | 'safe_chord';

/** How a number of others stands beside ours. */
export type Verdict = 'differs' | 'agrees' | 'within_reading' | 'not_comparable' | 'inputs_changed';

/** Which step, element or outcome a report shows; what is left empty is the mechanism's own choice. */
export type View = {
  /** Step of the clock, from 1. */
  step?: number;
  /** Feeder or zone. */
  feeder?: string;
  /** Two players of a bargain. */
  players?: [string, string];
  /**
   * The outcome that headline, ledger and charts follow where several are computed: a behaviour of the
   * bidders, or a way to buy.
   */
  outcome?: string;
  /** How far the lesson is: `predict`, `try-1` and on, or `why`; no report depends on it. */
  lesson?: string;
  /** The comparison holds the mechanisms of all papers, not only the schemes of this one; no report depends on it. */
  across?: boolean;
  /** The drawer of the page that stands open; no report depends on it. */
  drawer?: string;
  /** Layers that are on, as `CHART/LAYER`, of the charts that are named; `CHART/` alone for none of them. */
  layers?: string[];
};

/** A way to look at a grid. */
export type Way = {
  id: string;
  name: string;
  /** What is put to the grid for it, a sentence each. */
  adds: string[];
  /** Why the grid cannot be looked at so; empty where it can. */
  lacks: string;
  /**
   * The parts of the grid that it can have as feeders, of which some may be chosen; `adds` is said of those that
   * are proposed.
   */
  parts?: Part[];
};

/** Worth of a forwarded MW. */
export type Weight = 'volume' | 'value';

/** What is misreported. */
export type Wish = 'worth' | 'preferred';

/**
 * A part of the transmission system that clears on its own and meets the rest at one bus, as a
 * country meets the European platform. Its buses are transmission buses without branches in the
 * case; its network is the `limits`, linear in the injections of its buses.
 */
export type Zone = {
  id: string;
  /** Bus outside the zone where its export is injected; may belong to another zone. */
  bus: string;
  buses: string[];
  /** Limit on the exchange in either direction; `null` means not limited. */
  max_p_mw: number | null;
  limits: ZoneLimit[];
};

/** |`flow_mw` + Σ factor · injection| ≤ `max_p_mw`, with factors for a transfer to the zone's `bus`. */
export type ZoneLimit = {
  id: string;
  factors: ShiftFactor[];
  /** Flow that the injections of the zone do not cause, MW. */
  flow_mw: number;
  max_p_mw: number;
};
