"""Who imports it says with `--help` what he is (his head), and does nothing else."""
import sys

if {"-h", "--help"} & set(sys.argv[1:]):
    print(sys.modules["__main__"].__doc__ or "no words")
    sys.exit()
