package numbering

// placeTable lists the geographic area codes of +1, in service and announced,
// by the place they serve.
//
// Sources, as of 2026-11: the assignments of the North American Numbering Plan
// Administrator (nanpa.com) and of the Canadian Numbering Administrator
// (cnac.ca), by state and province, as the regulators announced them; the
// metadata of libphonenumber 9.0.43, which a test holds against the table.
//
// Libphonenumber adds an area code when its first numbers are in use; this
// table has it from its announcement on. It is ahead in these, in service since
// the day given:
//
//	357 CA 2025-03-26  436 OH 2024-03-01  457 LA 2025-09-25  465 NY 2026-06
//	471 MS 2026-01-30  483 AL 2026-02-23  621 TX 2025-01-23  624 NY 2023-11-16
//	679 MI 2025-11-07  729 TN 2025-09-05  837 CA 2025-01-31  861 IL 2023-02-24
//	924 MN 2024-08-30
var placeTable = []struct{ territory, place, codes string }{
	{"US", "Alabama", "205 251 256 334 483 659 938"},
	{"US", "Alaska", "907"},
	{"US", "Arizona", "480 520 602 623 928"},
	{"US", "Arkansas", "327 479 501 870"},
	{"US", "California", "209 213 279 310 323 341 350 357 369 408 415 424 442 510 530 559 562 619 626 628 650 " +
		"657 661 669 707 714 738 747 760 805 818 820 831 837 840 858 909 916 925 949 951"},
	{"US", "Colorado", "303 719 720 748 970 983"},
	{"US", "Connecticut", "203 475 860 959"},
	{"US", "Delaware", "302"},
	{"US", "District of Columbia", "202 771"},
	{"US", "Florida", "239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941 954"},
	{"US", "Georgia", "229 404 470 478 678 706 762 770 912 943"},
	{"US", "Hawaii", "808"},
	{"US", "Idaho", "208 986"},
	{"US", "Illinois", "217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 861 872"},
	{"US", "Indiana", "219 260 317 463 574 765 812 930"},
	{"US", "Iowa", "319 515 563 641 712"},
	{"US", "Kansas", "316 620 785 913"},
	{"US", "Kentucky", "270 364 502 606 859"},
	{"US", "Louisiana", "225 318 337 457 504 985"},
	{"US", "Maine", "207"},
	{"US", "Maryland", "227 240 301 410 443 667"},
	{"US", "Massachusetts", "339 351 413 508 617 774 781 857 978"},
	{"US", "Michigan", "231 248 269 313 517 586 616 679 734 810 906 947 989"},
	{"US", "Minnesota", "218 320 507 612 651 763 924 952"},
	{"US", "Mississippi", "228 471 601 662 769"},
	{"US", "Missouri", "235 314 417 557 573 636 660 816 975"},
	{"US", "Montana", "406"},
	{"US", "Nebraska", "308 402 531"},
	{"US", "Nevada", "702 725 775"},
	{"US", "New Hampshire", "603"},
	{"US", "New Jersey", "201 551 609 640 732 848 856 862 908 973"},
	{"US", "New Mexico", "505 575"},
	{"US", "New York", "212 315 329 332 347 363 465 516 518 585 607 624 631 646 680 716 718 838 845 914 917 929 934"},
	{"US", "North Carolina", "252 336 472 704 743 828 910 919 980 984"},
	{"US", "North Dakota", "701"},
	{"US", "Ohio", "216 220 234 283 326 330 380 419 436 440 513 567 614 740 937"},
	{"US", "Oklahoma", "405 539 572 580 918"},
	{"US", "Oregon", "458 503 541 971"},
	{"US", "Pennsylvania", "215 223 267 272 412 445 484 570 582 610 717 724 814 835 878"},
	{"US", "Rhode Island", "401"},
	{"US", "South Carolina", "803 821 839 843 854 864"},
	{"US", "South Dakota", "605"},
	{"US", "Tennessee", "423 615 629 729 731 865 901 931"},
	{"US", "Texas", "210 214 254 281 325 346 361 409 430 432 469 512 621 682 713 726 737 806 817 830 832 903 915 " +
		"936 940 945 956 972 979"},
	{"US", "Utah", "385 435 801"},
	{"US", "Vermont", "802"},
	{"US", "Virginia", "276 434 540 571 686 703 757 804 826 948"},
	{"US", "Washington", "206 253 360 425 509 564"},
	{"US", "West Virginia", "304 681"},
	{"US", "Wisconsin", "262 274 353 414 534 608 715 920"},
	{"US", "Wyoming", "307"},

	{"CA", "Alberta", "368 403 587 780 825"},
	{"CA", "British Columbia", "236 250 257 604 672 778"},
	{"CA", "Manitoba", "204 431 584"},
	{"CA", "New Brunswick", "428 506"},
	{"CA", "Newfoundland and Labrador", "709 879"},
	{"CA", "Northwest Territories, Nunavut, Yukon", "867"},
	{"CA", "Nova Scotia, Prince Edward Island", "782 902"},
	{"CA", "Ontario", "226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 807 905 942"},
	{"CA", "Quebec", "263 273 354 367 418 438 450 468 514 579 581 819 873"},
	{"CA", "Saskatchewan", "306 474 639"},

	{"AG", "Antigua and Barbuda", "268"},
	{"AI", "Anguilla", "264"},
	{"AS", "American Samoa", "684"},
	{"BB", "Barbados", "246"},
	{"BM", "Bermuda", "441"},
	{"BS", "Bahamas", "242"},
	{"DM", "Dominica", "767"},
	{"DO", "Dominican Republic", "809 829 849"},
	{"GD", "Grenada", "473"},
	{"GU", "Guam", "671"},
	{"JM", "Jamaica", "658 876"},
	{"KN", "Saint Kitts and Nevis", "869"},
	{"KY", "Cayman Islands", "345"},
	{"LC", "Saint Lucia", "758"},
	{"MP", "Northern Mariana Islands", "670"},
	{"MS", "Montserrat", "664"},
	{"PR", "Puerto Rico", "787 939"},
	{"SX", "Sint Maarten", "721"},
	{"TC", "Turks and Caicos Islands", "649"},
	{"TT", "Trinidad and Tobago", "868"},
	{"VC", "Saint Vincent and the Grenadines", "784"},
	{"VG", "British Virgin Islands", "284"},
	{"VI", "United States Virgin Islands", "340"},
}

// serviceTable lists the area codes of +1 that are not a place but a service. The
// sources are those of placeTable.
//
// A toll-free number is leased by Americans and Canadians out of one pool and
// costs the caller nothing, so permission for either country will do; 822 is the
// next of its area codes to open. A number of a paid service can be either
// country's, and permission for both is needed. So it is with 5XX, of which
// libphonenumber gives some to both and names the United States.
var serviceTable = []struct {
	territories string
	service     string
	kind        Kind
	any         bool
	codes       string
}{
	{"US CA", "toll-free", TollFree, true, "800 822 833 844 855 866 877 888"},
	{"US CA", "premium rate", PremiumRate, false, "900"},
	{"US CA", "services of the long-distance carriers", UnknownKind, false, "700"},
	{"US CA", "personal and machine numbers, 5XX", PersonalNumber, false, "500 521 522 523 524 525 526 527 528 529 " +
		"532 533 535 538 542 543 544 545 546 547 549 550 552 553 554 556 558 566 569 577 578 588 589"},
	{"US", "government", UnknownKind, false, "710"},
	{"CA", "satellite and data services", VoIP, false, "600"},
	{"CA", "personal and machine numbers, 6YY", PersonalNumber, false, "622 633 644 655 677 688"},
}
