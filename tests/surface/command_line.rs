//! The terminal program as a user calls it.

use std::process::{Command, Output};

fn tandem(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tandem"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn exit_codes_tell_solved_infeasible_and_bad_input() {
    assert_eq!(tandem(&["run", "zuo-4node"]).status.code(), Some(0));
    let infeasible = tandem(&[
        "run",
        "zuo-4node",
        "--set",
        "case.generators.G4.max_p_mw=0.5",
    ]);
    assert_eq!(infeasible.status.code(), Some(1));
    let said = text(&infeasible.stdout);
    assert!(
        said.contains("No dispatch exists in interval 1") && said.contains("would help"),
        "{said}"
    );
    for bad in [
        vec!["run", "nowhere"],
        vec!["run", "zuo-4node", "--set", "case.branches.2-3.x_pu=0"],
        vec!["run", "zuo-4node", "--set", "case.branches.2-3.max_p_mw=-1"],
        vec![
            "run",
            "zuo-4node",
            "--set",
            "case.branches.2-3.max_p_mw=NaN",
        ],
        vec!["run", "zuo-4node", "--set", "mechanism.df.rul=x"],
        vec!["run", "zuo-4node", "--set", "mechanism.intervals=0"],
        vec![
            "run",
            "zuo-4node",
            "--set",
            "case.branches.2-3.in_service=false",
        ],
        vec!["run", "zuo-4node", "--set", "case.aggregators.A.ders=[]"],
        vec!["run", "zuo-4node", "--set", "nonsense"],
        vec!["frobnicate"],
    ] {
        let output = tandem(&bad);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{bad:?}: {}",
            text(&output.stderr)
        );
        assert!(!output.stderr.is_empty(), "{bad:?}");
    }
}

#[test]
fn a_problem_names_its_field() {
    for (change, field) in [
        ("case.branches.2-3.x_pu=0", "case.branches.2-3.x_pu"),
        ("case.ders.D2.max_p_mw=-4", "case.ders.D2.max_p_mw"),
        ("mechanism.df.alpha=2", ""),
        ("mechanism.watch=D9", "mechanism.watch"),
        ("mechanism.initial.ders.D2=9", "mechanism.initial.ders.D2"),
        ("case.generators.G1.bus=77", "case.generators.G1.bus"),
    ] {
        let output = tandem(&["run", "zuo-4node", "--set", change]);
        let said = text(&output.stderr);
        assert!(said.starts_with(field), "{change}: {said}");
    }
}

#[test]
fn a_value_of_another_kind_is_told_what_to_give() {
    for (change, words) in [
        (
            "mechanism.intervals=1.5",
            "the number 1.5. Give a whole number, 0 or more.",
        ),
        ("mechanism.df.rule=mean", "Choose from capacity, latest_se"),
        ("mechanism.method=optimum", "Did you mean optimal?"),
        ("case.buses=3", "Give a list."),
    ] {
        let said = text(&tandem(&["run", "zuo-4node", "--set", change]).stderr);
        assert!(said.contains(words), "{change}: {said}");
    }
}

#[test]
fn json_and_csv_carry_the_table() {
    let report: serde_json::Value =
        serde_json::from_slice(&tandem(&["run", "zuo-4node", "--json"]).stdout).unwrap();
    for part in [
        "status",
        "summary",
        "series",
        "tables",
        "ledger",
        "certificates",
        "published",
        "messages",
    ] {
        assert!(report.get(part).is_some(), "no {part}");
    }
    let csv = text(&tandem(&["run", "zuo-4node", "--csv"]).stdout);
    let rows: Vec<Vec<&str>> = csv.lines().map(|l| l.split(',').collect()).collect();
    assert_eq!(rows.len(), 7);
    assert!(rows.iter().all(|r| r.len() == rows[0].len()));
    let d2 = rows[0].iter().position(|h| *h == "D2 (MW)").unwrap();
    let fourth = rows[4][d2].parse::<f64>().unwrap();
    assert!((fourth - 2.125).abs() < 1e-9, "{fourth}");
}

#[test]
fn printed_numbers_stand_in_one_line_and_belong_to_the_unchanged_preset() {
    let run = |id: &str, set: &[&str]| text(&tandem(&[&["run", id], set].concat()).stdout);
    for (id, line) in [
        ("zuo-4node", "36 of 36 as printed (Zuo et al., Table II)."),
        (
            "zuo-4node-union-jack-m3",
            "Of 5 printed numbers, 2 agree and 3 differ (Zuo et al., Table III).",
        ),
        (
            "wang-table2",
            "Of 11 printed numbers, 1 agrees and 10 are within reading accuracy (Wang et al. 2017, Table II).",
        ),
        (
            "theisen-interval",
            "Of 4 printed numbers, 1 is within reading accuracy and 3 differ (Theisen et al., TPEC 2024, Fig. 7,",
        ),
        (
            "mezghani-s5-balancing-price",
            "2 of 2 as computed another way (by hand,",
        ),
    ] {
        let said = run(id, &[]);
        assert!(said.contains(line), "{id}: {said}");
    }
    let said = run("zuo-4node", &[]);
    assert!(
        said.contains("P_G,1, interval 1 to 6 ") && !said.contains("P_G,1, interval 2"),
        "{said}"
    );
    let said = run("zuo-4node", &["--set", "case.branches.2-3.max_p_mw=10.5"]);
    let line = "Not compared: the 36 printed numbers are those of the unchanged preset (Zuo et al., Table II).";
    assert!(
        said.contains(line) && !said.contains("differs") && said.contains("P_G,1, interval 2"),
        "{said}"
    );
}

#[test]
fn a_file_and_a_link_run_as_the_preset_does() {
    let shown = text(&tandem(&["show", "zuo-4node-se"]).stdout);
    let file = std::env::temp_dir().join(format!("tandem-{}.json", std::process::id()));
    std::fs::write(&file, &shown).unwrap();
    let from_file = tandem(&["run", file.to_str().unwrap(), "--csv"]).stdout;
    std::fs::remove_file(&file).unwrap();
    let from_link = tandem(&["run", "#p=zuo-4node-se", "--csv"]).stdout;
    let from_preset = tandem(&["run", "zuo-4node-se", "--csv"]).stdout;
    assert_eq!(text(&from_file), text(&from_preset));
    assert_eq!(text(&from_link), text(&from_preset));
    let link = text(
        &tandem(&[
            "show",
            "zuo-4node-se",
            "--link",
            "--set",
            "mechanism.intervals=3",
        ])
        .stdout,
    );
    assert_eq!(link.trim(), "#p=zuo-4node-se&v=1&mechanism.intervals=3");
}

#[test]
fn list_schema_lp_sweep_and_chart_answer() {
    let list = text(&tandem(&["list"]).stdout);
    assert!(list.contains("zuo-30bus-unscheduled") && list.contains("triangle"));
    let schema: serde_json::Value = serde_json::from_slice(&tandem(&["schema"]).stdout).unwrap();
    assert!(
        schema["properties"]["case"].is_object() && schema["properties"]["mechanism"].is_object()
    );
    let page = tandem(&["schema", "--page"]).stdout;
    let page: serde_json::Value = serde_json::from_slice(&page).unwrap();
    for (name, needed) in [
        ("Document", "view"),
        ("Report", "clock"),
        ("Section", "table"),
    ] {
        let required = page["$defs"][name]["required"].as_array();
        assert!(required.unwrap().iter().any(|n| n == needed), "{name}");
    }
    assert_eq!(
        page["$defs"]["Series"]["properties"]["values"]["tsType"],
        "Float64Array"
    );
    let lp = text(&tandem(&["lp", "zuo-4node", "--interval", "2"]).stdout);
    assert!(
        lp.contains("power_balance") && lp.contains("flow_2-3_max") || lp.contains("flow_2_3_max"),
        "{lp}"
    );
    let sweep = text(
        &tandem(&[
            "sweep",
            "zuo-4node-se",
            "--path",
            "case.branches.2-3.max_p_mw",
            "--from",
            "9.5",
            "--to",
            "10.5",
            "--points",
            "3",
        ])
        .stdout,
    );
    assert_eq!(sweep.lines().count(), 4, "{sweep}");
    let svg = text(&tandem(&["chart", "zuo-4node", "dispatch"]).stdout);
    assert!(svg.starts_with("<svg"));
}

/// By hand: line 1-3 is free from 100 MW up, where the LMP of bus 2 falls from 30 to 10 $/MWh.
#[test]
fn an_exact_sweep_names_its_breakpoints() {
    let asked = [
        "sweep",
        "triangle",
        "--path",
        "case.branches.1-3.max_p_mw",
        "--from",
        "60",
        "--to",
        "120",
        "--points",
        "7",
        "--exact",
    ];
    let said = tandem(&asked);
    let csv = text(&said.stdout);
    let header = csv.lines().next().unwrap();
    assert!(
        header.starts_with("case.branches.1-3.max_p_mw,") && header.ends_with("lmp:2 ($/MWh)"),
        "{header}"
    );
    let line = |start: &str, end: &str| {
        csv.lines()
            .any(|l| l.starts_with(start) && l.ends_with(end))
    };
    assert!(line("100,", ",30") && line("100,", ",10"), "{csv}");
    let words = text(&said.stderr);
    assert!(
        words.contains("1 breakpoint between 60 and 120\u{a0}MW"),
        "{words}"
    );
    assert!(
        words.contains("\n100: line 1-3 is no longer full; "),
        "{words}"
    );
    let json = tandem(&[&asked[..], &["--json"]].concat()).stdout;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["breakpoints"][0]["value"], 100.0);
    assert_eq!(json["main"], "lmp:2");
    assert_eq!(json["pieces"].as_array().unwrap().len(), 2);
    // Without it the lines are those of the values asked for.
    let plain = text(&tandem(&asked[..10]).stdout);
    assert_eq!(plain.lines().count(), 8, "{plain}");
}

#[test]
fn a_map_is_told_drawn_and_asked_about() {
    let map = |more: &[&str]| {
        let load = [
            "map",
            "zuo-30bus-optimal",
            "--x",
            "case.loads.L24.p_mw",
            "0",
            "300",
        ];
        let limit = [
            "--y",
            "case.branches.22-24.max_p_mw",
            "1",
            "30",
            "--bus",
            "24",
        ];
        tandem(&[&load[..], &limit[..], more].concat())
    };
    let told = map(&[]);
    assert_eq!(told.status.code(), Some(0));
    let words = text(&told.stdout);
    assert!(words.contains("There is no dispatch in"), "{words}");
    assert!(words.contains("Edges between regions"), "{words}");
    let svg = std::env::temp_dir().join(format!("tandem-map-{}.svg", std::process::id()));
    let path = svg.to_string_lossy().into_owned();
    let drawn = map(&["--svg", path.as_str(), "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&drawn.stdout).unwrap();
    assert_eq!(report["charts"][0]["id"], "map");
    assert!(std::fs::read_to_string(&svg).unwrap().starts_with("<svg"));
    std::fs::remove_file(svg).unwrap();
    // The case itself, as the paper has it, and a load that nothing can serve.
    let here = map(&["--at", "8.7", "16"]);
    let words = text(&here.stdout);
    assert!(
        words.contains("G1 and D26 marginal; line 24-25 full"),
        "{words}"
    );
    assert_eq!(map(&["--at", "290", "2"]).status.code(), Some(1));
    assert_eq!(
        map(&["--set", "mechanism.intervals=0"]).status.code(),
        Some(2)
    );
    let factors = ["--x", "case.branches.24-25.x_pu", "0.1", "0.5"];
    let load = ["--y", "case.loads.L24.p_mw", "0", "9"];
    let refused = tandem(&[&["map", "zuo-30bus-optimal"][..], &factors[..], &load[..]].concat());
    assert_eq!(refused.status.code(), Some(2));
    let why = text(&refused.stderr);
    assert!(why.contains("not its limit alone"), "{why}");
}

#[test]
fn the_power_flow_of_any_case_with_feeders() {
    // Losses of the 33-bus feeder as quoted from its paper, whatever market the preset asks about.
    let flow = tandem(&["flow", "baran-wu-33"]);
    assert_eq!(flow.status.code(), Some(0));
    assert!(
        text(&flow.stdout).contains("loses 203 kW"),
        "{}",
        text(&flow.stdout)
    );
    let other = tandem(&[
        "flow",
        "wang-day",
        "--feeder",
        "DSO2",
        "--generation",
        "DSO2-3=1",
    ]);
    assert!(
        text(&other.stdout).contains("DSO2 sends up"),
        "{}",
        text(&other.stdout)
    );
    let collapsed = tandem(&["flow", "khojasteh-k33", "--load-factor", "9"]);
    assert_eq!(collapsed.status.code(), Some(1));
    assert!(text(&collapsed.stdout).contains("--set mechanism.load_factor=3"));
    let bad = tandem(&["flow", "zuo-4node"]);
    assert_eq!(bad.status.code(), Some(2));
    assert!(
        text(&bad.stderr).contains("case.feeders"),
        "{}",
        text(&bad.stderr)
    );
}

#[test]
fn a_matpower_file_becomes_a_dispatch() {
    let file = std::env::temp_dir().join(format!("tandem-{}.m", std::process::id()));
    let text_m = tandem::case::matpower::write(&tandem::case::builtin("ieee14").unwrap());
    std::fs::write(&file, text_m).unwrap();
    let output = tandem(&["run", file.to_str().unwrap(), "--json"]);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["status"], "solved");
    // What became of the file goes to standard error, into the report and with the case.
    let said = text(&output.stderr);
    assert!(said.contains("kept: 14 buses, 20 branches"), "{said}");
    assert!(
        said.contains("left out: What a DC model does not have"),
        "{said}"
    );
    let kept = report["import"]["kept"][0].as_str().unwrap();
    assert!(kept.starts_with("14 buses, 20 branches"), "{kept}");
    let missing = tandem(&["run", "nowhere/case9.m"]);
    assert_eq!(missing.status.code(), Some(2));
    let said = text(&missing.stderr);
    assert!(said.contains("no such file"), "{said}");
    let near = tandem(&["run", "zuo-4nod"]);
    assert!(text(&near.stderr).contains("Did you mean zuo-4node?"));
}

/// Costs by hand (PowerModels), by pandapower's `rundcopp` and by PyPSA's `optimize` with HiGHS.
#[test]
fn grids_in_the_formats_of_other_programs() {
    for (file, format, cost) in [
        // 60 MW over the line at 0.02 p² + 10 p + 5 and 30 MW at 30 $/MWh.
        ("two.powermodels.json", "PowerModels network (JSON)", "1577"),
        (
            "mixed.pandapower.json",
            "pandapower network (JSON)",
            "2649.744",
        ),
        ("pypsa", "PyPSA network (folder of CSV files)", "4174.1568"),
        ("six.raw", "PSS/E file (RAW)", "0"),
    ] {
        let path = format!("formats/tests/files/{file}");
        let output = tandem(&["run", &path]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let (said, told) = (text(&output.stdout), text(&output.stderr));
        assert!(told.starts_with(&format!("{format}\n")), "{told}");
        let line = said
            .lines()
            .find(|line| line.trim_start().starts_with("cost, last interval"));
        let line = line.unwrap_or_else(|| panic!("{said}"));
        assert!(line.contains(&format!(": {cost}")), "{line}");
    }
    let told = text(&tandem(&["run", "formats/tests/files/six.raw"]).stderr);
    assert!(told.contains("every generator offers at 0 $/MWh"), "{told}");
    assert!(told.contains("assumed: 1 DC line runs"), "{told}");
}

#[test]
fn cases_as_folders_of_csv_files() {
    let folder = std::env::temp_dir().join(format!("tandem-csv-{}", std::process::id()));
    let path = folder.to_str().unwrap();
    let written = tandem(&["case", "smartnet-mediumit", "--csv", path]);
    assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
    assert!(written.stderr.is_empty(), "{}", text(&written.stderr));
    let back = tandem(&["case", path]);
    assert_eq!(back.status.code(), Some(0), "{}", text(&back.stderr));
    let back = tandem::case::Case::from_json(&text(&back.stdout)).unwrap();
    assert_eq!(back.name, folder.file_name().unwrap().to_str().unwrap());
    let bids = back.balancing.unwrap().bids.len();
    assert_eq!(bids, 356);
    std::fs::remove_file(folder.join("Bids.csv")).unwrap();
    let refused = tandem(&["run", path]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("no Bids.csv"));
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Bids a and b, one on each of two feeders, exclude one another; the TSO lacks 2 MW.
fn exclusive_over_two_feeders() -> String {
    let feeder = |k: u32| {
        serde_json::json!({
            "id": format!("F{k}"), "base_kv": 10.0, "root": format!("I{k}"),
            "buses": [{ "id": format!("I{k}") }, { "id": format!("D{k}") }],
            "lines": [{ "id": format!("L{k}"), "from": format!("I{k}"), "to": format!("D{k}"),
                        "r_ohm": 0.0, "x_ohm": 0.0 }]
        })
    };
    let boundary = |k: u32| serde_json::json!({ "id": format!("B{k}"), "bus": "T", "feeder": format!("F{k}") });
    let bid = |id: &str, bus: &str, most: f64, price: f64| {
        serde_json::json!({ "id": id, "bus": bus, "offers": [{ "period": 1, "segments": [
            { "min_p_mw": 0.0, "max_p_mw": most, "usd_per_mwh": price }] }] })
    };
    serde_json::json!({
        "version": 1,
        "case": {
            "version": 1, "name": "exclusive", "base_mva": 100.0, "buses": [{ "id": "T" }], "branches": [],
            "generators": [],
            "feeders": [feeder(1), feeder(2)], "boundaries": [boundary(1), boundary(2)],
            "balancing": {
                "periods": 1, "minutes_per_period": 60.0, "price_cap_usd_per_mwh": 3000.0,
                "imbalances": [{ "id": "i", "bus": "T", "p_mw": [-2.0] }],
                "bids": [bid("t", "T", 3.0, 30.0), bid("a", "D1", 1.0, 10.0), bid("b", "D2", 1.0, 12.0)],
                "exclusive": [{ "id": "one of two", "bids": ["a", "b"] }]
            }
        },
        "mechanism": { "kind": "residual_supply", "scheme": "rsf", "physics": "lossless" }
    })
    .to_string()
}

#[test]
fn changes_come_before_the_checks() {
    let path = std::env::temp_dir().join(format!("tandem-exclusive-{}.json", std::process::id()));
    std::fs::write(&path, exclusive_over_two_feeders()).unwrap();
    let file = path.to_str().unwrap();
    let refused = tandem(&["run", file]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("one of two"));
    let common = tandem(&["run", file, "--set", "mechanism.scheme=common"]);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(common.status.code(), Some(0), "{}", text(&common.stderr));
    // By hand: 1 MW at 10 $/MWh and 1 MW at 30 $/MWh.
    assert!(text(&common.stdout).contains("Common market in one program: 40 $"));
}

#[test]
fn what_has_no_answer_is_a_report_with_exit_code_1() {
    for (arguments, says) in [
        // A line without room leaves the rectangle of the Union Jack without area.
        (
            vec!["zuo-4node-union-jack-m3", "case.branches.2-3.max_p_mw=0"],
            "the Union Jack grid of A has no feasible triangle",
        ),
        (
            vec![
                "wang-day",
                "mechanism.physics=lossless",
                "case.generators.G1.max_p_mw=1",
            ],
            "No dispatch serves the day",
        ),
    ] {
        let mut all = vec!["run", arguments[0]];
        for change in &arguments[1..] {
            all.extend(["--set", *change]);
        }
        let output = tandem(&all);
        let said = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn markets_whose_limits_give_way_at_a_price_have_an_answer() {
    // No voltage of the feeder can be met, and the balancing provider's lines carry nothing.
    for (preset, change) in [
        ("theisen-feeder-limit", "case.feeders.F.root_v_pu=0.9"),
        (
            "khojasteh-k33-truthful",
            "case.feeders.BW33.lines.2-19.max_p_mw=0.001",
        ),
    ] {
        let output = tandem(&["run", preset, "--set", change]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(text(&output.stdout).contains("warning"), "{preset}");
    }
}

#[test]
fn the_terminal_imports_a_file() {
    let folder = std::env::temp_dir().join(format!("tandem-import-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("own.csv");
    let tandem = |text: &str| {
        std::fs::write(&file, text).unwrap();
        std::process::Command::new(env!("CARGO_BIN_EXE_tandem"))
            .args(["import", "--community", "D3", "--offset", "-08:00"])
            .arg(&file)
            .output()
            .unwrap()
    };
    let done =
        tandem("time,load_kw\n2023-06-01T00:00,100\n2023-06-01T01:00,\n2023-06-01T02:00,300\n");
    assert!(done.status.success());
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(said.contains("line 3, load_kw"), "{said}");
    let text = String::from_utf8(done.stdout).unwrap();
    let scenario = tandem::scenario::Scenario::open(&text).unwrap();
    let all = scenario.case.communities.as_ref().unwrap();
    assert_eq!((all.intervals(), all.members[2].load_kw[12]), (36, 200.0));
    let done = tandem("time,load_kw\n2023-06-01T00:00,x\n");
    assert_eq!(done.status.code(), Some(2));
    std::fs::remove_dir_all(&folder).unwrap();
}

/// By hand: in a line of four buses with the load at the last, every MW passes each branch behind its bus, and every
/// outage splits it. With equal reactances 2/3 of a transfer between two corners of a triangle takes the direct way,
/// and an outage there sends the whole flow the other way around.
#[test]
fn factors_of_a_line_and_of_a_triangle_are_those_by_hand() {
    let csv = |arguments: &[&str]| text(&tandem(arguments).stdout);
    assert_eq!(
        csv(&["factors", "zuo-4node", "--csv", "ptdf"]),
        "branch,1,2,3,4\n1-2,1,0,0,0\n2-3,1,1,0,0\n3-4,1,1,1,0\n"
    );
    assert_eq!(
        csv(&["factors", "zuo-4node", "--csv", "lodf"]),
        "branch,1-2,2-3,3-4\n1-2,,,\n2-3,,,\n3-4,,,\n"
    );
    let wrong = tandem(&["factors", "zuo-4node", "--reference", "5"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("There is no bus `5`"));
    let triangle = r#"{"version":1,"case":{"version":1,"name":"triangle","base_mva":100,
        "buses":[{"id":"1"},{"id":"2"},{"id":"3"}],
        "branches":[{"id":"1-2","from":"1","to":"2","x_pu":0.1},{"id":"1-3","from":"1","to":"3","x_pu":0.1},
            {"id":"2-3","from":"2","to":"3","x_pu":0.1}],
        "generators":[{"id":"G","bus":"1","max_p_mw":10,"offer":[{"p_mw":10,"usd_per_mwh":1}]}],
        "loads":[{"id":"L","bus":"3","p_mw":3}]},"mechanism":{"kind":"rt_sced"}}"#;
    let file = std::env::temp_dir().join("tandem_triangle.json");
    std::fs::write(&file, triangle).unwrap();
    let name = file.to_str().unwrap();
    let ptdf = csv(&["factors", name, "--json"]);
    let tables: serde_json::Value = serde_json::from_str(&ptdf).unwrap();
    let near = |t: usize, row: usize, column: usize, expected: f64| {
        let value = tables[t]["rows"][row][column].as_f64().unwrap();
        assert!(
            (value - expected).abs() < 1e-12,
            "{t} {row} {column}: {value}"
        );
    };
    near(0, 0, 1, 1.0 / 3.0);
    near(0, 1, 1, 2.0 / 3.0);
    near(0, 2, 2, 2.0 / 3.0);
    near(1, 0, 2, 1.0);
    near(1, 2, 1, -1.0);
    near(1, 1, 3, 1.0);
}

/// The options of an embedded view as docs/EMBEDDING.md has them; what the scenario lacks is refused by name.
#[test]
fn an_embedded_view_is_text_to_paste() {
    let limit = "case.branches.1-3.max_p_mw";
    let embed = |more: &[&str]| {
        let mut arguments = vec!["embed", "triangle", "--page", "https://host/t"];
        arguments.extend(more);
        tandem(&arguments)
    };
    let ranged = format!("{limit}:20:120:5");
    let all = embed(&[
        "--view",
        "answer",
        "--view",
        "why:bus:3",
        "--input",
        &ranged,
        "--lock",
        "--question",
        "Why 50 & not 10?",
    ]);
    assert_eq!(
        text(&all.stdout),
        "<iframe src=\"https://host/t/?embed=1&amp;view=answer,why:bus:3&amp;inputs=case.branches.1-3.max_p_mw:20:120:5\
         &amp;lock=inputs&amp;ui=min&amp;question=Why+50+%26+not+10%3F#p=triangle\" title=\"Tandem: Three buses, three prices\" \
         width=\"100%\" height=\"480\" style=\"width: 100%; max-width: 900px; border: 0\"></iframe>\n"
    );
    let element = embed(&["--as", "element", "--set", "case.branches.1-3.max_p_mw=100"]);
    let element = text(&element.stdout);
    assert!(
        element.contains("src=\"https://host/t/embed.js\""),
        "{element}"
    );
    assert!(
        element.contains("link=\"p=triangle&amp;v=1&amp;case.branches.1-3.max_p_mw=100"),
        "{element}"
    );
    for (wrong, said) in [
        (
            ["--view", "nothing"],
            "network, answer, task, lesson, compare, dispatch",
        ),
        (["--view", "task"], "There is no view “task”"),
        (
            ["--input", "case.branches.1-3.max_p_m"],
            "Did you mean case.branches.1-3.max_p_mw?",
        ),
        (
            ["--input", "case.branches.1-3.max_p_mw:120:20"],
            "its first number is the least",
        ),
        (
            ["--view", "sweep:case.branches.1-3.max_p_mw"],
            "sweep:PATH:FROM:TO",
        ),
    ] {
        let output = embed(&wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(
            text(&output.stderr).contains(said),
            "{}",
            text(&output.stderr)
        );
    }
}

/// The sentences of the page's layers. By hand: in interval 1 the factors stop at 3 of 4 MW, in interval 2 they promise 4.5.
#[test]
fn the_layers_of_a_region_are_told() {
    let told = tandem(&["run", "zuo-4node", "--layers"]);
    let said = text(&told.stdout);
    assert!(
        said.contains("interval 1: With 8 MW of the others on line 2-3 the factors stop A at 3 MW")
            && said.contains("1 MW is forgone"),
        "{said}"
    );
    assert!(said.contains(
        "interval 2: With 8 MW of the others on line 2-3 the factors promise up to 4.5 MW"
    ));
    assert_eq!(
        tandem(&["run", "khojasteh-k33", "--layers"]).status.code(),
        Some(2)
    );
}
