from sightpact.web.cli import main

main()
