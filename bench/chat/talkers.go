// People who talk at once: each sends its next message when the answer's last event has come.
// talkers.go URL TALKERS SECONDS FILE: the file has a message a line. Prints turns, seconds, and the times (in microseconds)
// to an answer's first words and to its end.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
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

// One who talks, on a connection of their own: no more is done than what a turn needs, as the load runs on the servers' cores.
type talker struct {
	url   *url.URL
	conn  net.Conn
	reply *bufio.Reader // what comes from the server
	lines *bufio.Reader // of an answer's body
}

func (t *talker) connect() (err error) {
	if t.conn != nil {
		return nil
	}
	if t.conn, err = net.Dial("tcp", t.url.Host); err != nil {
		t.conn = nil
		return err
	}
	t.reply = bufio.NewReaderSize(t.conn, 16<<10)
	return nil
}

func (t *talker) leave() {
	if t.conn != nil {
		_ = t.conn.Close()
	}
	t.conn = nil
}

func (t *talker) ask(body []byte) (*http.Response, error) {
	if err := t.connect(); err != nil {
		return nil, err
	}
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\n"+
		"Content-Length: %d\r\n\r\n", t.url.Path, t.url.Host, len(body))
	_ = t.conn.SetDeadline(time.Now().Add(60 * time.Second))
	if _, err := t.conn.Write(append([]byte(head), body...)); err != nil {
		return nil, err
	}
	return http.ReadResponse(t.reply, nil)
}

// Reads one answer; how long it took to its first words and to its end, and whether it came to that.
func (t *talker) listen(body []byte) (first, whole time.Duration, ok bool) {
	begin := time.Now()
	reply, err := t.ask(body)
	if err != nil {
		t.leave()
		return 0, 0, false
	}
	t.lines.Reset(reply.Body)
	for {
		line, err := t.lines.ReadSlice('\n')
		if err != nil && err != bufio.ErrBufferFull {
			ok = ok && err == io.EOF
			break
		}
		switch string(line) {
		case "event: delta\n":
			if first == 0 {
				first = time.Since(begin)
			}
		case "event: done\n":
			ok = true
		}
	}
	if !ok || reply.Close {
		t.leave()
	}
	return first, time.Since(begin), ok && reply.StatusCode == http.StatusOK
}

func talk(server *url.URL, run string, number int, messages []string, until time.Time) (mine figures) {
	t := talker{url: server, lines: bufio.NewReaderSize(nil, 16<<10)}
	defer t.leave()
	for turn := 0; time.Now().Before(until); turn++ {
		said := messages[(number*7+turn)%len(messages)]
		first, whole, ok := t.listen(message(run, number, turn, said))
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
	server, err := url.Parse(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
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
			mine := talk(server, run, i, messages, until)
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
