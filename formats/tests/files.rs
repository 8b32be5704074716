//! Small files of each format, with numbers calculated by hand or by the program that the format is of.

use tandem_formats::{Converted, matpower, unpacked};

fn file(name: &str) -> (String, Vec<u8>) {
    let path = format!("{}/tests/files/{name}", env!("CARGO_MANIFEST_DIR"));
    (name.to_string(), std::fs::read(path).unwrap())
}

fn pypsa() -> Vec<(String, Vec<u8>)> {
    [
        "buses",
        "generators",
        "lines",
        "loads",
        "network",
        "snapshots",
    ]
    .map(|table| file(&format!("pypsa/{table}.csv")))
    .to_vec()
}

fn converted(files: &[(String, Vec<u8>)]) -> Converted {
    matpower(files).unwrap().unwrap()
}

/// The rows of a matrix.
fn rows(text: &str, matrix: &str) -> Vec<Vec<f64>> {
    let (_, after) = text.split_once(&format!("mpc.{matrix} = [\n")).unwrap();
    let (inside, _) = after.split_once("];").unwrap();
    let number = |word: &str| word.parse::<f64>().unwrap();
    inside
        .lines()
        .map(|line| {
            line.trim_end_matches(';')
                .split_whitespace()
                .map(number)
                .collect()
        })
        .collect()
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{a} is not {b}");
}

/// A text of a file with something else in a place that is there.
fn changed(name: &str, from: &str, to: &str) -> Vec<(String, Vec<u8>)> {
    let (name, bytes) = file(name);
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains(from), "{from}");
    vec![(name, text.replacen(from, to, 1).into_bytes())]
}

#[test]
fn psse_windings_dc_line_and_status() {
    let grid = converted(&[file("six.raw")]);
    assert_eq!(grid.format, "PSS/E file (RAW)");
    let branches = rows(&grid.text, "branch");
    // CW = 2, CZ = 2: 0.12 on 150 MVA is 0.08 on 100 MVA, and 1.02² of it behind a second winding of 112.2 kV at 110 kV;
    // ratio (231/220) / (112.2/110).
    near(branches[4][3], 0.12 * 100.0 / 150.0 * 1.02 * 1.02);
    near(branches[4][8], (231.0 / 220.0) / (112.2 / 110.0));
    near(branches[4][9], 5.0);
    // Pairs 0.10, 0.08 · 100/40 = 0.2 and 0.14 · 100/40 = 0.35 make a star of 0.125, −0.025 and 0.225.
    for (row, x_pu) in [(6, 0.125), (7, -0.025), (8, 0.225)] {
        near(branches[row][3], x_pu);
    }
    assert_eq!(branches[3][10], 0.0);
    // 30 MW leave bus 1; at 500 kV 8 Ω take 0.06² · 8 = 0.0288 MW of them before bus 6, which has 25 MW of load.
    let buses = rows(&grid.text, "bus");
    near(buses[0][2], 30.0);
    near(buses[5][2], 25.0 - 30.0 + 0.0288);
    near(buses[2][4], 2.0);
    let (assumed, left_out) = (grid.notes.assumed.join(" "), grid.notes.left_out.join(" "));
    assert!(
        assumed.contains("1 DC line runs at the power of the file, 30 MW"),
        "{assumed}"
    );
    assert!(left_out.contains("1 load out of service"), "{left_out}");
    assert!(!grid.text.contains("gencost"));
}

#[test]
fn powermodels_is_in_per_unit() {
    let grid = converted(&[file("two.powermodels.json")]);
    assert_eq!(grid.format, "PowerModels network (JSON)");
    // 200 p² + 1000 p + 5 of p in 100 MW.
    assert_eq!(rows(&grid.text, "gencost")[0][4..7], [0.02, 10.0, 5.0]);
    near(rows(&grid.text, "branch")[0][5], 60.0);
    near(rows(&grid.text, "bus")[1][2], 90.0);
    // A DC line that takes up to 20 MW, of which 2 % are lost, and gives up to 14.7 MW: 15 MW are sent at most.
    let line = r#""dcline": {"1": {"index": 1, "f_bus": 1, "t_bus": 2, "pf": 0.1, "pt": -0.098, "br_status": 1, "pminf": 0.0,
        "pmaxf": 0.2, "pmint": -0.147, "pmaxt": 0.0, "qminf": 0.0, "qmaxf": 0.0, "qmint": 0.0, "qmaxt": 0.0, "qf": 0.0, "qt": 0.0,
        "vf": 1.0, "vt": 1.0, "loss0": 0.0, "loss1": 0.02}}"#;
    let with = |line: &str| changed("two.powermodels.json", "\"dcline\": {}", line);
    let grid = converted(&with(line));
    near(rows(&grid.text, "bus")[1][2], 90.0);
    let row = &rows(&grid.text, "dcline")[0];
    assert_eq!(row[..3], [1.0, 2.0, 1.0]);
    near(row[9], 0.0);
    near(row[10], 15.0);
    assert_eq!(row[15..], [0.0, 0.02]);
    // One without limits takes 10 MW and gives 9.8 MW.
    let open = line.replace("\"pmaxf\": 0.2,", "");
    let buses = rows(&converted(&with(&open)).text, "bus");
    near(buses[0][2], 10.0);
    near(buses[1][2], 80.2);
    let dear = line.replace(
        "\"vf\"",
        "\"model\": 2, \"ncost\": 2, \"cost\": [500.0, 0.0], \"vf\"",
    );
    let why = matpower(&with(&dear)).unwrap_err();
    assert!(why.contains("DC line 1 has a cost"), "{why}");
}

#[test]
fn pypsa_in_ohm_and_per_unit_of_nominal_power() {
    let grid = converted(&pypsa());
    assert_eq!(grid.format, "PyPSA network (folder of CSV files)");
    // 48.4 Ω at 220 kV and 100 MVA: 0.1; 120 MVA · 0.7.
    let line = &rows(&grid.text, "branch")[0];
    near(line[3], 0.1);
    near(line[5], 84.0);
    let units = rows(&grid.text, "gen");
    assert_eq!((units[0][9], units[2][8]), (30.0, 30.0));
    assert_eq!(rows(&grid.text, "gencost")[1][4..6], [0.02, 40.0]);
    assert!(grid.notes.changed[0].contains("1 is North, 2 is South, 3 is East"));
}

#[test]
fn pypsa_takes_the_first_snapshot_and_dispatches_free_links() {
    let mut files = pypsa();
    let name = |table: &str| format!("pypsa/{table}.csv");
    files.push((name("loads-p_set"), b"snapshot,L1\n0,150\n1,10\n".to_vec()));
    files.retain(|(path, _)| !path.contains("snapshots"));
    files.push((
        name("snapshots"),
        b"snapshot,objective\n0,1\n1,1\n".to_vec(),
    ));
    let grid = converted(&files);
    assert_eq!(rows(&grid.text, "bus")[1][2], 150.0);
    assert!(grid.notes.left_out[0].contains("All but the first of 2 snapshots, 0."));
    let link = |row: &str| format!("name,bus0,bus1,p_nom,efficiency,p_set\n{row}\n").into_bytes();
    files.push((name("links"), link("DC,North,East,50,0.9,20")));
    let buses = rows(&converted(&files).text, "bus");
    assert_eq!((buses[0][2], buses[2][2]), (20.0, 70.0 - 18.0));
    files.pop();
    files.push((name("links"), link("DC,North,East,50,0.9,")));
    let grid = converted(&files);
    assert_eq!(rows(&grid.text, "bus")[0][2], 0.0);
    let line = &rows(&grid.text, "dcline")[0];
    assert_eq!((line[0], line[1], line[9], line[10]), (1.0, 3.0, 0.0, 50.0));
    near(line[16], 0.1);
    files.pop();
    let dear = "name,bus0,bus1,p_nom,p_min_pu,marginal_cost\nDC,North,East,50,-1,2\n";
    files.push((name("links"), dear.as_bytes().to_vec()));
    let why = matpower(&files).unwrap_err();
    assert!(why.contains("Link DC has a cost"), "{why}");
    files.pop();
    let both_ways = dear.replace(",2\n", ",0\n");
    files.push((name("links"), both_ways.into_bytes()));
    let line = &rows(&converted(&files).text, "dcline")[0];
    assert_eq!((line[9], line[10], line[16]), (-50.0, 50.0, 0.0));
}

#[test]
fn names_of_a_file_stand_in_one_line_of_the_report() {
    let mut files = pypsa();
    for (path, bytes) in &mut files {
        if !path.contains("snapshots") {
            let text = String::from_utf8(bytes.clone()).unwrap();
            *bytes = text.replace("North", "No\0r\u{202e}th").into_bytes();
        }
    }
    let told = &converted(&files).notes.changed[0];
    assert!(told.contains("1 is No\u{fffd}r\u{fffd}th, 2"), "{told}");
}

#[test]
fn pypsa_of_a_line_type_is_read_with_its_reactance_or_refused() {
    let lines = |x: &str| {
        let mut files = pypsa();
        files.retain(|(path, _)| !path.contains("lines"));
        let text = format!("name,bus0,bus1,type,x,s_nom\nNS,North,South,Al/St,{x},10\n");
        files.push(("pypsa/lines.csv".into(), text.into_bytes()));
        matpower(&files)
    };
    assert!(
        lines("")
            .unwrap_err()
            .contains("calculate_dependent_values")
    );
    near(
        rows(&lines("24.2").unwrap().unwrap().text, "branch")[0][3],
        0.05,
    );
}

#[test]
fn pandapower_elements() {
    let grid = converted(&[file("mixed.pandapower.json")]);
    assert_eq!(grid.format, "pandapower network (JSON)");
    let buses = rows(&grid.text, "bus");
    // 25 MW · 1.1 of load; 0.2 MW of a shunt of 21 kV at 20 kV.
    near(buses[5][2], 27.5);
    near(buses[5][4], 0.2 * (20.0_f64 / 21.0).powi(2));
    // The load that is controllable is a unit from −15 to −3 MW, and costs what it is worth.
    let units = rows(&grid.text, "gen");
    let at = units.iter().position(|unit| unit[0] == 5.0).unwrap();
    assert_eq!((units[at][8], units[at][9]), (-3.0, -15.0));
    assert_eq!(rows(&grid.text, "gencost")[at][4..6], [43.0, 0.0]);
    // 0.144 Ω/km · 30 km at 110 kV and 10 MVA; 12 % of √3 · 110 kV · 0.535 kA.
    let branches = rows(&grid.text, "branch");
    let line = branches
        .iter()
        .find(|b| b[0] == 1.0 && b[1] == 2.0)
        .unwrap();
    near(line[3], 0.144 * 30.0 * 10.0 / (110.0 * 110.0));
    near(line[5], 0.12 * 3.0_f64.sqrt() * 110.0 * 0.535);
    // 12 % and 0.3 % on 40 MVA; 112 kV · (1 + 3 · 1.5 %) at 110 kV, 20.5 kV at 20 kV.
    let transformer = branches
        .iter()
        .find(|b| b[0] == 3.0 && b[1] == 5.0)
        .unwrap();
    let x = (0.12_f64.powi(2) - 0.003_f64.powi(2)).sqrt() * 10.0 / 40.0;
    near(transformer[3], x * (20.5_f64 / 20.0).powi(2));
    near(transformer[8], 112.0 * 1.045 / 110.0 / (20.5 / 20.0));
}

#[test]
fn pandapower_dc_line_switch_and_fixed_generator() {
    let line = r#"{"columns":["from_bus","to_bus","p_mw","loss_mw","loss_percent"],"index":[0],"data":[[0,2,8.0,0.1,2.0]]}"#;
    let frame = line.replace('"', "\\\"");
    let table = format!("\"dcline\": {{\"_object\": \"{frame}\"}},\n  \"shunt\": {{");
    let grid = converted(&changed("mixed.pandapower.json", "\"shunt\": {", &table));
    let buses = rows(&grid.text, "bus");
    // What arrives of 8 MW is 8 · 0.98 − 0.1.
    near(buses[0][2], 8.0);
    near(buses[2][2], -7.74);
    assert!(
        grid.notes
            .assumed
            .join(" ")
            .contains("1 DC line runs at the power of the file (p_mw), 8 MW")
    );
    // With max_p_mw it is dispatched: `rundcopp` of pandapower 3.5.6 has 37.142857 MW of 40 MW arrive with a loss of 5 % and
    // 1 MW, (40 − 1) / 1.05.
    let free = table
        .replace(
            "\\\"loss_percent\\\"]",
            "\\\"loss_percent\\\",\\\"max_p_mw\\\"]",
        )
        .replace("0.1,2.0]]", "1.0,5.0,40.0]]");
    let grid = converted(&changed("mixed.pandapower.json", "\"shunt\": {", &free));
    near(rows(&grid.text, "bus")[0][2], buses[0][2] - 8.0);
    let row = &rows(&grid.text, "dcline")[0];
    assert_eq!((row[0], row[1], row[9], row[10]), (1.0, 3.0, 1.0, 40.0));
    near(40.0 * (1.0 - row[16]) - row[15], 37.142857142857146);
    // A Ward equivalent of 1 MW and, at 1 p.u. voltage, 0.5 MW.
    near(buses[4][2], 1.5);
    let open = changed(
        "mixed.pandapower.json",
        r#"[2,3,\"b\",true,0.0]"#,
        r#"[0,1,\"l\",false,0.0]"#,
    );
    let branches = rows(&converted(&open).text, "branch");
    let line = branches
        .iter()
        .find(|b| b[0] == 2.0 && b[1] == 3.0)
        .unwrap();
    assert_eq!(line[10], 0.0);
    let fixed = changed(
        "mixed.pandapower.json",
        "[1,20.0,1.0,true,true,5.0,50.0]",
        "[1,20.0,1.0,false,true,5.0,50.0]",
    );
    let unit = &rows(&converted(&fixed).text, "gen")[0];
    assert_eq!((unit[8], unit[9]), (20.0, 20.0));
}

#[test]
fn what_cannot_be_held_is_refused_by_name() {
    let frame =
        r#""vsc": {"_object": "{\"columns\":[\"bus\"],\"index\":[0],\"data\":[[1]]}"}, "shunt": {"#;
    let why = matpower(&changed("mixed.pandapower.json", "\"shunt\": {", frame)).unwrap_err();
    assert!(
        why.starts_with("This is a pandapower network (JSON). It has converters"),
        "{why}"
    );
    let twice = changed("mixed.pandapower.json", r#"[[2,3,\"b\""#, r#"[[2,77,\"b\""#);
    assert!(matpower(&twice).unwrap_err().contains("There is no bus 77"));
}

#[test]
fn other_files_are_not_taken() {
    for text in [
        "",
        "function mpc = a",
        "{\"version\":1,\"case\":{}}",
        "a,b\n1,2\n",
        "0,1,2\n3,4,5\n",
        "[1]",
    ] {
        let files = [("x.txt".to_string(), text.as_bytes().to_vec())];
        assert_eq!(matpower(&files), Ok(None), "{text}");
    }
    assert!(unpacked(b"PK\x03\x04 no archive").is_err());
}
