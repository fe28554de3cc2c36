// People who talk at once: each sends its next message when the answer's last event has come.
// talkers.go URL TALKERS SECONDS FILE: the file has a message a line. Prints turns, seconds, and the times (in microseconds)
// to an answer's first words and to its end.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

const turnsInASession = 20

type figures struct {
	first, whole []int64
	broken       int
}

func message(run string, talker, turn int, said string) []byte {
	body, _ := json.Marshal(map[string]string{
		"user_id":    fmt.Sprintf("bench-%d", talker),
		"session_id": fmt.Sprintf("%s-%d-%d", run, talker, turn/turnsInASession),
		"message":    said,
	})
	return body
}

// Reads one answer; how long it took to its first words and to its end, and whether it came to that.
func listen(client *http.Client, url string, body []byte) (first, whole time.Duration, ok bool) {
	asked, _ := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	asked.Header.Set("Content-Type", "application/json")
	asked.Header.Set("Accept", "text/event-stream")
	begin := time.Now()
	reply, err := client.Do(asked)
	if err != nil {
		return 0, 0, false
	}
	defer reply.Body.Close()
	lines := bufio.NewScanner(reply.Body)
	lines.Buffer(make([]byte, 64<<10), 1<<20)
	for lines.Scan() {
		switch lines.Text() {
		case "event: delta":
			if first == 0 {
				first = time.Since(begin)
			}
		case "event: done":
			ok = true
		}
	}
	return first, time.Since(begin), ok && reply.StatusCode == http.StatusOK
}

func talk(client *http.Client, url, run string, talker int, messages []string, until time.Time) (mine figures) {
	for turn := 0; time.Now().Before(until); turn++ {
		said := messages[(talker*7+turn)%len(messages)]
		first, whole, ok := listen(client, url, message(run, talker, turn, said))
		if !ok {
			mine.broken++
			continue
		}
		mine.first = append(mine.first, first.Microseconds())
		mine.whole = append(mine.whole, whole.Microseconds())
	}
	return mine
}

func quantile(sorted []int64, q float64) int64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[int(q*float64(len(sorted)-1))]
}

func main() {
	talkers, _ := strconv.Atoi(os.Args[2])
	seconds, _ := strconv.ParseFloat(os.Args[3], 64)
	text, err := os.ReadFile(os.Args[4])
	if err != nil {
		log.Fatal(err)
	}
	messages := strings.Split(strings.TrimSpace(string(text)), "\n")
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: talkers}, Timeout: 60 * time.Second}
	begin := time.Now()
	until := begin.Add(time.Duration(seconds * float64(time.Second)))
	run := fmt.Sprintf("run%d", begin.UnixNano())
	var all figures
	var lock sync.Mutex
	var group sync.WaitGroup
	for i := 0; i < talkers; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			mine := talk(client, os.Args[1], run, i, messages, until)
			lock.Lock()
			defer lock.Unlock()
			all.first = append(all.first, mine.first...)
			all.whole = append(all.whole, mine.whole...)
			all.broken += mine.broken
		}()
	}
	group.Wait()
	for _, times := range [][]int64{all.first, all.whole} {
		sort.Slice(times, func(a, b int) bool { return times[a] < times[b] })
	}
	_ = json.NewEncoder(os.Stdout).Encode(map[string]any{
		"turns": len(all.whole), "broken": all.broken, "seconds": time.Since(begin).Seconds(),
		"first_p50_us": quantile(all.first, 0.5), "p50_us": quantile(all.whole, 0.5), "p99_us": quantile(all.whole, 0.99),
	})
}
