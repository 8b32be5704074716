function mpc = pjm5
%PJM5  Five buses, after Li and Bo, Small Test Systems for Power System Economic Studies, 2010.
%   Reactances, limits, loads and linear costs only.
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
	1	2	0	0	0	0	1	1	0	230	1	1.1	0.9;
	2	1	300	0	0	0	1	1	0	230	1	1.1	0.9;
	3	2	300	0	0	0	1	1	0	230	1	1.1	0.9;
	4	3	400	0	0	0	1	1	0	230	1	1.1	0.9;
	5	2	0	0	0	0	1	1	0	230	1	1.1	0.9;
];
mpc.gen = [ % several generators at one bus
	1	0	0	0	0	1	100	1	40	0;
	1	0	0	0	0	1	100	1	170	0;
	3	0	0	0	0	1	100	1	520	0;
	4	0	0	0	0	1	100	1	200	0;
	5	0	0	0	0	1	100	1	600	0;
];
mpc.branch = [
	1	2	0	0.0281	0	400	0	0	0	0	1;
	1	4	0	0.0304	0	0	0	0	0	0	1;
	1	5	0	0.0064	0	0	0	0	0	0	1;
	2	3	0	0.0108	0	0	0	0	0	0	1;
	3	4	0	0.0297	0	0	0	0	0	0	1;
	4	5	0	0.0297	0	240	0	0	0	0	1;
];
mpc.gencost = [
	2	0	0	2	14	0;
	2	0	0	2	15	0;
	2	0	0	2	30	0;
	2	0	0	2	40	0;
	2	0	0	2	10	0;
];
