# Read by the scripts that set the program beside a baseline: what is not part of this repository is looked for, and
# what is not there is said. Environment: SHARED, the folder with the data (default: ../shared beside the repository).

shared=${SHARED:-../shared}

# Ends the script where one of these files is not there.
needs_files() {
  local needed
  for needed in "$@"; do
    if [ ! -f "$needed" ]; then
      echo "SKIPPED: $needed is not there, so there is nothing to compare on (set SHARED to the folder that has it)" >&2
      exit 0
    fi
  done
}

# Ends the script where python3 has not these modules, comma-separated.
needs_python() {
  if ! python3 -c "import $1" 2>/dev/null; then
    echo "SKIPPED: python3 (3.11 or newer) with $1 is not there: pip install scikit-learn" >&2
    exit 0
  fi
}

# Builds the program, unless PARALLAX names one.
needs_parallax() {
  if [ -z "${PARALLAX:-}" ]; then
    cargo build --release
    PARALLAX=${CARGO_TARGET_DIR:-target}/release/parallax
  fi
}
