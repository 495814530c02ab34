#!/bin/sh
# Everything that can be said of the policy without a gateway; the workflow in .github runs the same.
# OPA and SALLYPORT name the programs where they are not on PATH.
set -eu
cd "$(dirname "$0")"
opa=${OPA:-opa}
sallyport=${SALLYPORT:-sallyport}

$opa fmt --fail --list policy tests
$opa check --strict --schema schemas --capabilities schemas/capabilities.json library policy
$opa test library policy tests
# The same tests in the gateway's own engine, none of them dearer than this.
$sallyport policy test policy tests --max-cost 100000
if command -v regal >/dev/null 2>&1; then regal lint --config-file .regal/config.yaml policy tests; fi
$sallyport bundle build policy -o bundle.tar.gz
