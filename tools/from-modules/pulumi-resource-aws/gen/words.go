package main

import (
	"strings"
	"unicode"
)

// words splits fooBarV2 and foo_bar_v2 into foo, bar, v2.
func words(name string) []string {
	var out []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			out = append(out, word.String())
			word.Reset()
		}
	}
	for _, r := range name {
		if r == '_' || unicode.IsUpper(r) {
			end()
		}
		if r != '_' {
			word.WriteRune(unicode.ToLower(r))
		}
	}
	end()
	return out
}

func squash(words []string) string { return strings.Join(words, "") }

// overlap is the share of elements that two sets have in common: 1 if they are equal.
func overlap(a, b map[string]bool) float64 {
	common := 0
	for x := range a {
		if b[x] {
			common++
		}
	}
	union := len(a) + len(b) - common
	if union == 0 {
		return 1
	}
	return float64(common) / float64(union)
}

func set(elements []string) map[string]bool {
	out := map[string]bool{}
	for _, e := range elements {
		out[e] = true
	}
	return out
}
