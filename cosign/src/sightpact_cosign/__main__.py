from sightpact_cosign.cli import main

raise SystemExit(main())
