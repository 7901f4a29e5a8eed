#!/usr/bin/env python3
"""Kills `vigie seal` with SIGKILL at random moments; run again, it must end with a log that is whole and holds everything once.

Usage: bench/kill_seal.py [VIGIE] [TIMES] [SEED] [FILES]
A folder of documents grows from run to run (the nightly seal). After each kill the same command is run undisturbed; then the head
must be signed by the same key, the log must only have grown, and a proof of a file drawn by lot must check against the head. At the end
each file is proved, and the log holds as many entries as one that nobody disturbed. Every fifth moment is one of the first run,
which makes the log, in a case: `run` goes on without it, and the same command makes it.
"""
import usage
import pathlib, random, re, shutil, signal, subprocess, sys, tempfile, time

vigie = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "target/release/vigie").resolve())
times = int(sys.argv[2]) if len(sys.argv) > 2 else 200
seed = int(sys.argv[3]) if len(sys.argv) > 3 else int(time.time())
files = int(sys.argv[4]) if len(sys.argv) > 4 else 40
chance = random.Random(seed)
print(f"seed {seed}")
room = pathlib.Path(tempfile.mkdtemp(prefix="vigie-kill-seal-"))
papers, log, calm = room / "papers", room / "seals", room / "calm"
papers.mkdir()
number = 0


def write(count):
    """So many more documents: paragraphs of words."""
    global number
    for _ in range(count):
        words = [chance.choice("hall town euro paper vote coach posters press budget".split()) for _ in range(60)]
        text = " ".join(words[:30]) + f" {number}.\n\n" + " ".join(words[30:]) + ".\n"
        (papers / f"{number:05}.txt").write_text(text)
        number += 1


def seal(where, *more):
    return [vigie, "seal", str(papers), "--seals", str(where), "--name", "kill.example", *more]


def head(run):
    found = re.search(r"head: (.*)", run.stdout)
    key = re.search(r"key: (.*)", run.stdout)
    assert run.returncode == 0 and found and key, run.stdout + run.stderr
    return found[1], key[1]


write(files)
start = time.time()
first = head(subprocess.run(seal(log), capture_output=True, text=True))
whole = max(0.05, time.time() - start)
key, killed, early = first[1], 0, 0


def kill(command, span):
    """Kills a command at a random moment of so many seconds, if it still runs then."""
    global killed, early
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(chance.random() * span)
    if run.poll() is None:
        run.send_signal(signal.SIGKILL)
        killed += 1
    else:
        early += 1
    run.wait()


case, kept = room / "case", room / "kept"
subprocess.run([vigie, "init", str(kept), "--name", "t", "--protect", "parti-bleu.fr"], check=True, capture_output=True)

for n in range(times // 5):
    shutil.copytree(kept, case)
    begin = [vigie, "seal", str(papers), "--case", str(case), "--name", "kill.example"]
    kill(begin, whole)
    run_on = subprocess.run([vigie, "run", str(case)], capture_output=True, text=True)
    assert "seals" not in run_on.stderr, run_on.stderr
    head(subprocess.run(begin, capture_output=True, text=True))
    proved = subprocess.run([vigie, "prove", str(papers / "00000.txt"), "--case", str(case)], capture_output=True, text=True)
    assert proved.returncode == 0, proved.stderr
    pathlib.Path(str(papers / "00000.txt") + ".tlog-proof").unlink()
    shutil.rmtree(case)
for n in range(times - times // 5):
    write(files)
    kill(seal(log), whole * 1.2)
    now = head(subprocess.run(seal(log), capture_output=True, text=True))
    assert now[1] == key, "another key"
    paper = papers / f"{chance.randrange(number):05}.txt"
    proved = subprocess.run([vigie, "prove", str(paper), "--seals", str(log)], capture_output=True, text=True)
    assert proved.returncode == 0, proved.stderr
    proof = str(paper) + ".tlog-proof"
    check = [vigie, "prove", "--check", proof, str(paper), "--key", key, "--head", now[0]]
    checked = subprocess.run(check, capture_output=True, text=True)
    assert checked.returncode == 0, f"run {n}: {checked.stdout}{checked.stderr}"
    pathlib.Path(proof).unlink()
size = lambda line: int(re.search(r"(\d+)", line.split()[1] if len(line.split()) > 1 else line)[1])
one = head(subprocess.run(seal(log), capture_output=True, text=True))
two = head(subprocess.run(seal(calm), capture_output=True, text=True))
print(f"{killed} killed, {early} ended before; heads: disturbed `{one[0]}`, calm `{two[0]}`; {number} files")
missing = 0
for n in chance.sample(range(number), min(number, 300)):
    run = subprocess.run([vigie, "prove", str(papers / f"{n:05}.txt"), "--seals", str(log)], capture_output=True, text=True)
    missing += run.returncode != 0
print(f"{missing} of {min(number, 300)} files drawn by lot cannot be proved")
shutil.rmtree(room)
sys.exit(missing != 0)
