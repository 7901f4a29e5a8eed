#!/usr/bin/env python3
"""Tables and exports of posts as tools write them, made up from one small debate, with the damage they meet: is each read rightly?

usage: bench/posts_exports.py [VIGIE] [NAME…] [--show]

Every file says the same: anne and bob share four links within twelve seconds of each other, carl the same links three hours
later, four days in a row. Right is: 12 posts (or as many as the form can say), 3 accounts, times from 2026-11-10T08:00:05Z,
and `network --by WHAT` between anne and bob alone. Written from what the tools' documents and users say of their columns; no
file is anybody's. Run by hand; exits 1 where one is not read so. Needs openpyxl for .xlsx (else skipped).
"""
import usage
import csv, datetime as dt, gzip, io, json, os, pathlib, subprocess, sys, tarfile, tempfile, zipfile
from concurrent.futures import ThreadPoolExecutor

UTC = dt.timezone.utc
START = dt.datetime(2026, 11, 10, 8, 0, 5, tzinfo=UTC)
PEOPLE = [("anne", "1102345678901234567", "Anne Martin", 0), ("bob", "1102345678901234999", "Bob L.", 12), ("carl", "998877665544332211", "Carl Ünlü", 3 * 3600)]
TEXTS = ["Regardez ça, c’est énorme", "Ils nous « cachent » tout ; lisez", "À lire, vraiment :\npartagez", "Dernière chance, mes amis"]


class P:
    """One post."""


def posts():
    out = []
    for day in range(4):
        for n, (handle, uid, name, delay) in enumerate(PEOPLE):
            p = P()
            p.n, p.day, p.handle, p.uid, p.name = len(out), day, handle, uid, name
            p.time = START + dt.timedelta(days=day, seconds=delay)
            p.id = str(1988123456789012345 + day * 362387865600 * 1000 + n * 100003 * 1009)
            p.link = f"https://fuite.example/article-{day}"
            p.tags = ["vote2027", f"jour{day}"]
            p.text = TEXTS[day] + (" !" * n)
            p.own = f"https://x.com/{handle}/status/{p.id}"
            p.epoch = int(p.time.timestamp())
            p.iso = p.time.strftime("%Y-%m-%dT%H:%M:%SZ")
            p.sql = p.time.strftime("%Y-%m-%d %H:%M:%S")
            p.twitter = p.time.strftime("%a %b %d %H:%M:%S +0000 %Y")
            p.full = f"{p.text} {p.link} #{p.tags[0]} #{p.tags[1]}"
            out.append(p)
    return out


POSTS = posts()
CASES = {}


def case(name, file=None, by="url", accounts=3, n=12, first=0, edges=2, why=""):
    def put(make):
        CASES[name] = dict(make=make, file=file or f"{name}.csv", by=by, accounts=accounts, n=n, first=first, edges=edges, why=why)
        return make
    return put


def table(rows, sep=",", quoting=csv.QUOTE_MINIMAL, end="\n", head=None):
    out = io.StringIO()
    keys = head or list(rows[0])
    w = csv.writer(out, delimiter=sep, quoting=quoting, lineterminator=end)
    w.writerow(keys)
    w.writerows([[r.get(k, "") for k in keys] for r in rows])
    return out.getvalue()


def rows(make):
    return [make(p) for p in POSTS]


def lines(make):
    return "".join(json.dumps(make(p), ensure_ascii=False) + "\n" for p in POSTS)


# ---- tools that write tables ----
@case("4cat-twitter")
def _():
    return table(rows(lambda p: dict(id=p.id, thread_id=p.id, timestamp=p.sql, unix_timestamp=p.epoch, link=p.own, subject="", body=p.full, author=p.handle,
        author_fullname=p.name, author_id=p.uid, author_avatar_url=f"https://pbs.example/{p.uid}.jpg", source="Twitter for iPhone", language_guess="fr", possibly_sensitive="no", retweet_count=3, reply_count=0,
        like_count=9, quote_count=0, impression_count=100, is_retweet="no", retweeted_user="", is_quote_tweet="no", quoted_user="", is_reply="no", replied_user="", hashtags=",".join(p.tags), urls=p.link, images="", videos="", mentions="", long_lat="", place_name="")))


@case("4cat-tiktok", by="hashtags")
def _():
    return table(rows(lambda p: dict(id=p.id, thread_id=p.id, author=p.handle, author_full=p.name, author_followers=9, author_likes=4, author_videos=3, author_avatar="https://cdn.example/a.jpg",
        body=p.full, stickers="", timestamp=p.sql, unix_timestamp=p.epoch, is_duet="no", is_ad="no", is_paid_partnership="no", is_sensitive="no", is_photosensitive="no", music_name="original sound", music_id="72", music_url="https://cdn.example/m.mp3",
        music_thumbnail="https://cdn.example/m.jpg", music_author=p.handle, video_url=f"https://cdn.example/{p.id}.mp4", tiktok_url=f"https://www.tiktok.com/@{p.handle}/video/{p.id}", thumbnail_url=f"https://cdn.example/{p.id}.jpg",
        likes=3, comments=0, shares=1, plays=33, hashtags=",".join(p.tags), challenges="", diversification_labels="", location_created="FR", effects="", warning="")))


@case("4cat-telegram")
def _():
    return table(rows(lambda p: dict(id=f"{p.handle}-{p.n + 40}", thread_id=p.handle, chat=p.handle, author=p.uid, author_username=p.handle, author_name=p.name, author_is_bot="no", body=p.full, reply_to="", views=88, timestamp=p.sql, unix_timestamp=p.epoch,
        timestamp_edited="", unix_timestamp_edited="", author_forwarded_from_name="", author_forwarded_from_username="", author_forwarded_from_id="", link_title="", link_description="", link_attached=p.link, attachment_type="url", attachment_data="", attachment_filename="")))


@case("4cat-instagram", by="hashtags")
def _():
    return table(rows(lambda p: dict(id=f"C{p.n}xYz", thread_id=f"C{p.n}xYz", parent_id="", url=f"https://www.instagram.com/p/C{p.n}xYz", body=p.full, author=p.handle, author_fullname=p.name, verified="no", author_avatar_url="", coauthors="", timestamp=p.sql, type="picture",
        media_url=f"https://cdn.example/{p.n}.jpg", hashtags=",".join(p.tags), likes_hidden="no", num_likes=3, num_comments=0, num_media=1, location_name="", location_latlong="", location_city="", unix_timestamp=p.epoch)))


@case("coornet-ct-shares")
def _():
    return table(rows(lambda p: {"": p.n + 1, "id": f"{p.n + 70000}", "platformId": f"{p.uid}_{p.n + 5000}", "platform": "Facebook", "date": p.sql, "updated": p.sql, "type": "link", "message": p.full, "expandedLinks": json.dumps([{"original": p.link, "expanded": p.link}]), "link": p.link,
        "postUrl": f"https://www.facebook.com/{p.uid}/posts/{p.n + 5000}", "subscriberCount": 55, "score": 1.1, "account.id": p.n % 3 + 77, "account.name": p.name, "account.handle": p.handle, "account.platformId": p.uid, "account.url": f"https://www.facebook.com/{p.uid}", "expanded": p.link, "is_coordinated": "FALSE"}))


@case("coortweet", by="object")
def _():
    return table(rows(lambda p: dict(object_id=p.link, account_id=p.uid, content_id=p.id, timestamp_share=p.epoch)))


@case("coortweet-strings", by="object")
def _():
    return table(rows(lambda p: dict(object_id=p.link, account_id=p.handle, content_id=p.id, timestamp_share=p.sql)), quoting=csv.QUOTE_ALL)


@case("twitter-web-exporter")
def _():
    local = lambda p: (p.time + dt.timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S +01:00")
    return "\ufeff" + table(rows(lambda p: dict(id=p.id, created_at=local(p), full_text=p.full, media="[]", screen_name=p.handle, name=p.name, profile_image_url="https://pbs.example/x.jpg", user_id=p.uid, in_reply_to="", retweeted_status="", quoted_status="", media_tags="[]", tags="[]",
        favorite_count=1, retweet_count=0, bookmark_count=0, quote_count=0, reply_count=0, views_count=9, favorited="FALSE", retweeted="FALSE", bookmarked="FALSE", url=f"https://twitter.com/{p.handle}/status/{p.id}")), quoting=csv.QUOTE_ALL, end="\r\n")


def user(p):
    return {"username": p.handle, "id": int(p.uid), "displayname": p.name, "followersCount": 9}


@case("snscrape-pandas")
def _():
    return table(rows(lambda p: {"": p.n, "_type": "snscrape.modules.twitter.Tweet", "url": p.own, "date": p.time.strftime("%Y-%m-%d %H:%M:%S+00:00"), "rawContent": p.full, "renderedContent": p.full, "id": p.id, "user": str(user(p)), "replyCount": 0, "retweetCount": 1, "likeCount": 2, "quoteCount": 0, "conversationId": p.id, "lang": "fr", "source": "<a>", "links": str([{"text": "fuite", "url": p.link, "tcourl": "https://t.co/x", "indices": (1, 3)}]), "media": "", "retweetedTweet": "", "inReplyToTweetId": "", "mentionedUsers": "", "hashtags": str(p.tags)}))


@case("snscrape-lines", "snscrape.jsonl")
def _():
    return lines(lambda p: {"_type": "snscrape.modules.twitter.Tweet", "url": p.own, "date": p.time.strftime("%Y-%m-%dT%H:%M:%S+00:00"), "rawContent": p.full, "id": int(p.id), "user": {"_type": "snscrape.modules.twitter.User", **user(p)}, "links": [{"text": "fuite", "url": p.link, "tcourl": "https://t.co/x"}], "retweetedTweet": None, "hashtags": p.tags})


@case("twarc-csv")
def _():
    return table(rows(lambda p: {"id": p.id, "conversation_id": p.id, "referenced_tweets.replied_to.id": "", "referenced_tweets.retweeted.id": "", "referenced_tweets.quoted.id": "", "author_id": p.uid, "in_reply_to_user_id": "", "retweeted_user_id": "", "quoted_user_id": "", "created_at": p.time.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "text": p.full, "lang": "fr", "source": "Twitter Web App", "public_metrics.like_count": 1, "reply_settings": "everyone", "possibly_sensitive": "False",
        "entities.hashtags": json.dumps([{"start": 1, "end": 4, "tag": t} for t in p.tags]), "entities.mentions": "", "entities.urls": json.dumps([{"start": 3, "end": 26, "url": "https://t.co/x" + str(p.n), "expanded_url": p.link, "display_url": "fuite.example"}]), "author.id": p.uid, "author.created_at": "2012-01-01T00:00:00.000Z", "author.username": p.handle, "author.name": p.name, "author.description": "bonjour, https://moi.example", "__twarc.retrieved_at": "2026-11-20T00:00:00+00:00"}))


@case("minet-twitter")
def _():
    return table(rows(lambda p: dict(query="vote", id=p.id, timestamp_utc=p.epoch, local_time=p.time.strftime("%Y-%m-%dT%H:%M:%S"), user_screen_name=p.handle, text=p.full, possibly_sensitive="", retweet_count=0, like_count=0, reply_count=0, impression_count="", lang="fr", to_username="", to_userid="", to_tweetid="", source_name="x", source_url="https://x.com", user_location="", lat="", lng="", user_id=p.uid, user_name=p.name, user_verified="0", user_description="", user_url="https://anne.example/", user_image="https://pbs.example/a.jpg", user_tweets=3, user_followers=4, user_friends=5, user_likes=5, user_lists=0, user_created_at="2012-01-01T00:00:00", user_timestamp_utc=1325376000, collected_via="scraper", match_query="1", retweeted_id="", retweeted_user="", retweeted_user_id="", retweeted_timestamp_utc="", quoted_id="", quoted_user="", quoted_user_id="", quoted_timestamp_utc="", collection_time="2026-11-20T00:00:00", url=p.own, place_country_code="", place_name="", place_type="", place_coordinates="", links=p.link, domains="fuite.example", media_urls="", media_files="", media_types="", media_alt_texts="", mentioned_names="", mentioned_ids="", hashtags="|".join(p.tags))))


@case("dmi-tcat")
def _():
    return table(rows(lambda p: dict(id=p.id, time=p.epoch, created_at=p.sql, from_user_name=p.handle, text=p.full, filter_level="none", possibly_sensitive="", withheld_copyright="", withheld_scope="", truncated="", retweet_count=0, favorite_count=0, lang="fr", to_user_name="", in_reply_to_status_id="", quoted_status_id="", source="x", location="", lat="", lng="", from_user_id=p.uid, from_user_realname=p.name, from_user_verified="", from_user_description="", from_user_url="https://moi.example", from_user_profile_image_url="https://pbs.example/a.png", from_user_utcoffset="", from_user_timezone="", from_user_lang="fr", from_user_tweetcount=4, from_user_followercount=3, from_user_friendcount=3, from_user_favourites_count=1, from_user_listed=0, from_user_withheld_scope="", from_user_created_at="2012-01-01 00:00:00")))


@case("youtube-data-tools-comments", "comments.csv")
def _():
    return table(rows(lambda p: dict(id=f"Ugw{p.n}AbC", replyCount=0, likeCount=1, publishedAt=p.sql, authorName="@" + p.handle, text=p.full, authorChannelId="UC" + p.uid[::-1], authorChannelUrl="http://www.youtube.com/@" + p.handle, isReply=0, isReplyTo="", isReplyToName="")))


@case("youtube-data-tools-tab", "comments.tab")
def _():
    return table(rows(lambda p: dict(id=f"Ugw{p.n}AbC", replyCount=0, likeCount=1, publishedAt=p.iso, authorName=p.handle, text=p.full.replace("\n", " "), authorChannelId="UC" + p.uid[::-1], authorChannelUrl="http://www.youtube.com/@" + p.handle, isReply=0, isReplyTo="", isReplyToName="")), sep="\t")


@case("youtube-data-tools-videos", "videolist.csv")
def _():
    return table(rows(lambda p: dict(position=p.n, channelId="UC" + p.uid[::-1], channelTitle=p.name, videoId=f"vid{p.n}xQ", publishedAt=p.iso, publishedAtSQL=p.sql, videoTitle=p.text.split("\n")[0], videoDescription=p.full, tags="", videoCategoryId=25, videoCategoryLabel="News", duration="PT2M", durationSec=120, dimension="2d", definition="hd", caption="false", thumbnail_maxres=f"https://i.example/{p.n}.jpg", licensedContent="", defaultLanguage="fr", viewCount=5, likeCount=0, dislikeCount="", favoriteCount=0, commentCount=0)))


@case("rtweet")
def _():
    return table(rows(lambda p: {"user_id": "x" + p.uid, "status_id": "x" + p.id, "created_at": p.sql, "screen_name": p.handle, "text": p.full, "source": "Twitter for Android", "display_text_width": 80, "reply_to_status_id": "", "reply_to_user_id": "", "is_quote": "FALSE", "is_retweet": "FALSE", "favorite_count": 1, "retweet_count": 2, "hashtags": " ".join(p.tags), "urls_url": "fuite.example", "urls_t.co": "https://t.co/x" + str(p.n), "urls_expanded_url": p.link, "lang": "fr", "retweet_status_id": "", "name": p.name, "account_created_at": "2012-01-01 00:00:00", "status_url": f"https://twitter.com/{p.handle}/status/{p.id}", "profile_url": "https://t.co/abc"}))


@case("meltwater", first="minute")
def _():
    text = table(rows(lambda p: {"Date": p.time.strftime("%d-%b-%Y %I:%M%p"), "Headline": "", "URL": p.own, "Opening Text": "", "Hit Sentence": p.full.replace("\n", " "), "Source": "X", "Influencer": "@" + p.handle, "Country": "France", "Subregion": "", "Language": "French", "Reach": 5, "Desktop Reach": "", "Sentiment": "Neutral", "Key Phrases": "", "Input Name": "vote", "Keywords": "vote", "Document ID": f"d{p.n}", "Tweet Id": f'"{p.id}"', "Twitter Id": f'"{p.uid}"', "Alternate Date Format": p.time.strftime("%d-%m-%Y"), "Time": p.time.strftime("%H:%M"), "State": "", "City": ""}), sep="\t", quoting=csv.QUOTE_ALL)
    return text.encode("utf-16")


@case("mediacloud", by="url", accounts=3, n=12, edges=None)
def _():
    return table(rows(lambda p: dict(id=f"a{p.n}", indexed_date=p.sql, language="fr", media_name=f"{p.handle}.example", media_url=f"{p.handle}.example", publish_date=p.time.strftime("%Y-%m-%d"), title=p.text.split("\n")[0], url=f"https://{p.handle}.example/{p.n}")))


@case("talkwalker")
def _():
    return table(rows(lambda p: {"indexed": p.sql, "search_indexed": p.sql, "published": p.sql, "title": "", "title_snippet": "", "content": p.full, "content_snippet": p.full[:60], "root_url": "http://twitter.com/", "domain_url": "http://twitter.com/", "host_url": "http://twitter.com/", "parent_url": p.own, "lang": "fr", "porn_level": 0, "fluency_level": 90, "url": f"http://twitter.com/{p.handle}/statuses/{p.id}", "sentiment": 0, "engagement": 2, "reach": 4, "provider": "twitter", "source_type": "SOCIALMEDIA;SOCIALMEDIA_TWITTER", "post_type": "TEXT", "images.url": "", "extra_author_attributes.id": f"ex:twitter-{p.uid}", "extra_author_attributes.type": "UNKNOWN", "extra_author_attributes.name": p.name, "extra_author_attributes.short_name": p.handle, "extra_author_attributes.url": f"http://twitter.com/{p.handle}", "external_links": p.link}), sep=";", quoting=csv.QUOTE_ALL)


@case("brandwatch")
def _():
    head = 'Report:,Vote\nBrand:,x\nFrom:,Tue Nov 10 00:00:00 UTC 2026\nTo:,Sat Nov 14 00:00:00 UTC 2026\nLabel:,"a, b"\n\n'
    return head + table(rows(lambda p: {"Query Id": 1, "Query Name": "vote", "Date": p.sql + ".0", "Title": "", "Snippet": p.full[:70], "Url": f"http://twitter.com/{p.handle}/statuses/{p.id}", "Domain": "twitter.com", "Sentiment": "neutral", "Page Type": "twitter", "Language": "fr", "Country Code": "FRA", "Account Type": "individual", "Added": p.sql + ".0", "Author": p.handle, "Avatar": "https://pbs.example/a.jpg", "Full Name": f"{p.handle} ({p.name})", "Full Text": p.full, "Gender": "", "Hashtags": ", ".join("#" + t for t in p.tags), "Impact": 3, "Mentioned Authors": "", "Original Url": f"http://twitter.com/{p.handle}/statuses/{p.id}", "Resource Id": f"tw{p.id}", "Short URLs": "", "Thread Id": "0", "Thread Author": "", "Twitter Author ID": p.uid, "Twitter Followers": 3, "Expanded URLs": p.link, "Engagement Type": ""}))


@case("sprinklr")
def _():
    return table(rows(lambda p: {"SN_MSG_ID": p.id, "Created Time": p.time.strftime("%m/%d/%Y %H:%M:%S"), "Social Network": "TWITTER", "Sender User Id": p.uid, "Sender Screen Name": p.handle, "From User": p.name, "Message": p.full, "Message Type": "Twitter Update", "Permalink": p.own, "Language": "fr", "Country": "France", "Sentiment": "NEUTRAL", "Reach": 5}))


@case("crowdtangle-facebook")
def _():
    return table(rows(lambda p: {"Page Name": p.name, "User Name": p.handle, "Facebook Id": f"1000{p.uid[-9:]}", "Page Category": "PERSON", "Page Admin Top Country": "FR", "Page Description": "x", "Page Created": "2012-01-01 00:00:00", "Likes at Posting": 3, "Followers at Posting": 4, "Post Created": p.sql + " GMT", "Post Created Date": p.time.strftime("%Y-%m-%d"), "Post Created Time": p.time.strftime("%H:%M:%S"), "Type": "Link", "Total Interactions": "1,204", "Likes": 3, "Comments": 0, "Shares": 1, "Video Share Status": "", "URL": f"https://www.facebook.com/1000{p.uid[-9:]}/posts/{p.n + 900}", "Message": p.full, "Link": p.link, "Final Link": "", "Image Text": "", "Link Text": "x", "Description": "", "Sponsor Id": "", "Sponsor Name": "", "Total Interactions (weighted  —  Likes 1x Shares 1x )": "3", "Overperforming Score": "1.1"}))


@case("meta-content-library")
def _():
    return table(rows(lambda p: {"id": f"{p.n + 880000}", "mcl_url": f"https://www.facebook.com/transparency-tools/mcl/?id={p.n + 880000}", "text": p.full, "creation_time": p.time.strftime("%Y-%m-%dT%H:%M:%S+00:00"), "modified_time": p.time.strftime("%Y-%m-%dT%H:%M:%S+00:00"), "lang": "fr", "content_type": "links", "is_branded_content": "false", "link_attachment.caption": "fuite.example", "link_attachment.description": "", "link_attachment.link": p.link, "link_attachment.name": "x", "post_owner.type": "facebook_page", "post_owner.id": p.uid, "post_owner.name": p.name, "post_owner.username": p.handle, "shared_post_id": "", "surface.id": p.uid, "surface.name": p.name, "surface.type": "page", "surface.username": p.handle, "statistics.like_count": 3, "statistics.views": 9, "hashtags": str(p.tags)}))


@case("twint")
def _():
    return table(rows(lambda p: dict(id=p.id, conversation_id=p.id, created_at=p.time.strftime("%Y-%m-%d %H:%M:%S UTC"), date=p.time.strftime("%Y-%m-%d"), time=p.time.strftime("%H:%M:%S"), timezone="+0000", user_id=p.uid, username=p.handle, name=p.name, place="", tweet=p.full.replace("\n", " "), language="fr", mentions="[]", urls=str([p.link]), photos="[]", replies_count=0, retweets_count=0, likes_count=1, hashtags=str(p.tags), cashtags="[]", link=p.own, retweet="False", quote_url="", video=0, thumbnail="", near="", geo="", source="", user_rt_id="", user_rt="", retweet_id="", reply_to="[]", retweet_date="", translate="", trans_src="", trans_dest="")), sep="\t")


@case("twitter-information-operations", first="minute", edges=2)
def _():
    return table(rows(lambda p: dict(tweetid=p.id, userid=p.uid, user_display_name=p.name, user_screen_name=p.handle, user_reported_location="", user_profile_description="", user_profile_url="https://moi.example", follower_count=3, following_count=4, account_creation_date="2012-01-01", account_language="fr", tweet_language="fr", tweet_text=p.full, tweet_time=p.time.strftime("%Y-%m-%d %H:%M"), tweet_client_name="x", in_reply_to_tweetid="", in_reply_to_userid="", quoted_tweet_tweetid="", is_retweet="False", retweet_userid="", retweet_tweetid="", latitude="absent", longitude="absent", quote_count=0, reply_count=0, like_count=0, retweet_count=0, hashtags="[" + ", ".join(p.tags) + "]", urls=f"[{p.link}]", user_mentions="[]", poll_choices="")), quoting=csv.QUOTE_ALL)


@case("tags-google-sheet")
def _():
    return table(rows(lambda p: dict(id_str=p.id, from_user=p.handle, text=p.full, created_at=p.twitter, time=p.time.strftime("%d/%m/%Y %H:%M:%S"), geo_coordinates="", user_lang="fr", in_reply_to_user_id_str="", in_reply_to_screen_name="", from_user_id_str=p.uid, in_reply_to_status_id_str="", source='<a href="http://twitter.com">x</a>', profile_image_url="http://pbs.example/a.jpg", user_followers_count=3, user_friends_count=3, user_location="Lyon", status_url=f"http://twitter.com/{p.handle}/statuses/{p.id}", entities_str=json.dumps({"urls": [{"url": "https://t.co/x", "expanded_url": p.link}]}))))


@case("nodexl")
def _():
    return table(rows(lambda p: {"Vertex 1": p.handle, "Vertex 2": p.handle, "Color": "", "Width": "", "Relationship": "Tweet", "Relationship Date (UTC)": p.time.strftime("%m/%d/%Y %H:%M:%S"), "Tweet": p.full, "URLs in Tweet": p.link, "Domains in Tweet": "fuite.example", "Hashtags in Tweet": " ".join(p.tags), "Tweet Date (UTC)": p.time.strftime("%m/%d/%Y %H:%M:%S"), "Twitter Page for Tweet": p.own, "Latitude": "", "Longitude": "", "Imported ID": p.id, "In-Reply-To Tweet ID": "", "Favorited": "False", "Language": "fr"}))


@case("netvizz-tab", "page_posts.tab")
def _():
    return table(rows(lambda p: dict(type="link", by="post_page_" + p.uid, post_id=f"{p.uid}_{p.n + 33}", post_link=f"https://www.facebook.com/{p.uid}/posts/{p.n + 33}", post_message=p.full.replace("\n", " "), picture="https://cdn.example/a.png", full_picture="https://cdn.example/a.png", link=p.link, link_domain="fuite.example", post_published=p.time.strftime("%Y-%m-%dT%H:%M:%S+0000"), post_published_unix=p.epoch, post_published_sql=p.sql, post_hour_of_day=8, likes_count_fb=1, comments_count_fb=0, reactions_count_fb=1, shares_count_fb=0, engagement_fb=2)), sep="\t")


@case("academictwitter-tidy")
def _():
    return table(rows(lambda p: dict(tweet_id=p.id, user_username=p.handle, text=p.full, possibly_sensitive="FALSE", source="x", conversation_id=p.id, author_id=p.uid, lang="fr", created_at=p.time.strftime("%Y-%m-%dT%H:%M:%S.000Z"), user_created_at="2012-01-01T00:00:00.000Z", user_location="", user_description="", user_name=p.name, user_verified="FALSE", retweet_count=0, like_count=1, quote_count=0, sourcetweet_type="", sourcetweet_id="", sourcetweet_text="", sourcetweet_lang="", sourcetweet_author_id="")))


@case("bsky-r-table")
def _():
    return table(rows(lambda p: dict(uri=f"at://did:plc:{p.handle}xyz/app.bsky.feed.post/3k{p.n}abc", cid=f"bafy{p.n}", author_handle=f"{p.handle}.bsky.social", author_name=p.name, text=p.full, author_data="<list>", post_data="<list>", embed_data="<list>", reply_count=0, repost_count=0, like_count=1, quote_count=0, indexed_at=p.iso, in_reply_to="", in_reply_root="", quotes="", tags="", mentions="", links=p.link, langs="fr")))


@case("discord-csv", "general.csv")
def _():
    return table(rows(lambda p: dict(AuthorID=p.uid, Author=p.handle, Date=p.time.strftime("%Y-%m-%dT%H:%M:%S.0000000+00:00"), Content=p.full, Attachments="", Reactions="")), quoting=csv.QUOTE_ALL)


@case("pushshift-csv")
def _():
    return table(rows(lambda p: dict(author=p.handle, created_utc=p.epoch, domain="fuite.example", full_link=f"https://www.reddit.com/r/france/comments/z{p.n}q/x/", id=f"z{p.n}q", num_comments=0, permalink=f"/r/france/comments/z{p.n}q/x/", score=1, selftext="", subreddit="france", subreddit_id="t5_1", title=p.text, url=p.link)))


@case("arctic-shift-lines", "RS_2026-11.ndjson")
def _():
    return lines(lambda p: dict(author=p.handle, author_fullname="t2_" + p.handle, created_utc=p.epoch, domain="fuite.example", id=f"z{p.n}q", name=f"t3_z{p.n}q", permalink=f"/r/france/comments/z{p.n}q/x/", selftext="", subreddit="france", title=p.text, url=p.link, is_self=False, num_comments=0, retrieved_on=p.epoch + 999))


@case("facepager")
def _():
    return table(rows(lambda p: {"path": p.handle, "id": p.n + 3, "parent_id": 1, "level": 1, "object_id": f"{p.uid}_{p.n + 33}", "object_type": "data", "query_status": "fetched (200)", "query_time": "2026-11-20 00:00:00", "query_type": "Facebook:/<page>/posts", "message": p.full, "created_time": p.time.strftime("%Y-%m-%dT%H:%M:%S+0000"), "from.name": p.name, "from.id": p.uid, "link": p.link}), sep=";", quoting=csv.QUOTE_ALL)


@case("apify-tweets", "dataset.json")
def _():
    return json.dumps(rows(lambda p: {"type": "tweet", "id": p.id, "url": p.own, "twitterUrl": f"https://twitter.com/{p.handle}/status/{p.id}", "text": p.full, "fullText": p.full, "source": "x", "retweetCount": 0, "replyCount": 0, "likeCount": 1, "createdAt": p.twitter, "lang": "fr", "isReply": False, "conversationId": p.id, "author": {"type": "user", "userName": p.handle, "url": f"https://x.com/{p.handle}", "id": p.uid, "name": p.name, "createdAt": "Sun Jan 01 00:00:00 +0000 2012"}, "entities": {"hashtags": [{"text": t} for t in p.tags], "urls": [{"url": "https://t.co/x", "expanded_url": p.link, "display_url": "fuite"}]}, "isRetweet": False, "isQuote": False}), ensure_ascii=False, indent=1)


@case("zeeschuimer-x", "zeeschuimer-export-twitter.com.ndjson")
def _():
    return lines(lambda p: {"nav_index": f"{p.n}:1:1", "id": p.n + 1, "item_id": p.id, "timestamp_collected": 1794000000000 + p.n, "source_platform": "twitter.com", "source_platform_url": "https://x.com/search?q=vote", "source_url": "https://x.com/i/api/graphql/x/SearchTimeline", "user_agent": "Mozilla/5.0", "data": {"__typename": "Tweet", "id": p.id, "rest_id": p.id, "core": {"user_results": {"result": {"__typename": "User", "rest_id": p.uid, "legacy": {"screen_name": p.handle, "name": p.name, "created_at": "Sun Jan 01 00:00:00 +0000 2012", "description": "x"}}}}, "legacy": {"created_at": p.twitter, "full_text": p.full, "id_str": p.id, "user_id_str": p.uid, "lang": "fr", "entities": {"hashtags": [{"text": t, "indices": [1, 2]} for t in p.tags], "urls": [{"expanded_url": p.link, "url": "https://t.co/x", "display_url": "f"}], "user_mentions": []}}}})


@case("zeeschuimer-instagram", "zeeschuimer-export-instagram.com.ndjson", by="hashtags")
def _():
    return lines(lambda p: {"nav_index": f"{p.n}:1:1", "item_id": f"3{p.n}", "timestamp_collected": 1794000000000, "source_platform": "instagram.com", "source_platform_url": "https://www.instagram.com/explore/", "source_url": "https://www.instagram.com/graphql", "data": {"id": f"3{p.n}_{p.uid}", "pk": f"3{p.n}", "code": f"C{p.n}x", "taken_at": p.epoch, "caption": {"text": p.full, "pk": "1"}, "user": {"pk": p.uid, "id": p.uid, "username": p.handle, "full_name": p.name}, "media_type": 1, "like_count": 3, "image_versions2": {"candidates": [{"url": "https://cdn.example/x.jpg"}]}}})


@case("zeeschuimer-tiktok", "zeeschuimer-export-tiktok.com.ndjson", by="hashtags")
def _():
    return lines(lambda p: {"nav_index": f"{p.n}:1:1", "item_id": p.id, "timestamp_collected": 1794000000000, "source_platform": "tiktok.com", "source_platform_url": "https://www.tiktok.com/", "data": {"id": p.id, "desc": p.full, "createTime": str(p.epoch), "video": {"playAddr": "https://cdn.example/v.mp4"}, "author": {"id": p.uid, "uniqueId": p.handle, "nickname": p.name}, "music": {"id": "7", "title": "x"}, "challenges": [{"id": "1", "title": t} for t in p.tags], "textExtra": [{"hashtagName": t} for t in p.tags]}})


@case("tiktok-research-csv", by="hashtags")
def _():
    return table(rows(lambda p: dict(id=p.id, video_id=p.id, username=p.handle, create_time=p.epoch, video_description=p.full, region_code="FR", share_count=0, view_count=3, like_count=0, comment_count=0, music_id="7", hashtag_names=str(p.tags), voice_to_text="", is_stem_verified="False", video_duration=12)))


@case("mastodon-statuses", "statuses.json")
def _():
    return json.dumps(rows(lambda p: {"id": str(p.n + 111), "created_at": p.time.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "in_reply_to_id": None, "sensitive": False, "spoiler_text": "", "visibility": "public", "language": "fr", "uri": f"https://m.example/users/{p.handle}/statuses/{p.n}", "url": f"https://m.example/@{p.handle}/{p.n}", "content": f'<p>{p.text} <a href="{p.link}">lien</a></p>', "reblog": None, "account": {"id": p.uid, "username": p.handle, "acct": p.handle + "@m.example", "display_name": p.name, "created_at": "2020-01-01T00:00:00.000Z", "url": f"https://m.example/@{p.handle}", "note": ""}, "media_attachments": [], "mentions": [], "tags": [{"name": t, "url": "x"} for t in p.tags], "card": {"url": p.link}}))


@case("truthbrush", "truth.jsonl")
def _():
    return lines(lambda p: {"id": str(p.n + 111), "created_at": p.time.strftime("%Y-%m-%dT%H:%M:%S.123Z"), "in_reply_to_id": None, "visibility": "public", "url": f"https://truthsocial.com/@{p.handle}/{p.n + 111}", "content": f'<p>{p.text} <a href="{p.link}" rel="nofollow">{p.link}</a></p>', "account": {"id": p.uid, "username": p.handle, "acct": p.handle, "display_name": p.name}, "reblog": None, "mentions": [], "tags": [], "media_attachments": [], "_pulled": "2026-11-20T10:00:00+00:00"})


@case("bluesky-search", "search.json")
def _():
    return json.dumps({"posts": rows(lambda p: {"uri": f"at://did:plc:{p.handle}x/app.bsky.feed.post/3k{p.n}", "cid": f"bafy{p.n}", "author": {"did": f"did:plc:{p.handle}x", "handle": f"{p.handle}.bsky.social", "displayName": p.name}, "record": {"$type": "app.bsky.feed.post", "createdAt": p.iso, "text": p.text, "langs": ["fr"], "facets": [{"features": [{"$type": "app.bsky.richtext.facet#link", "uri": p.link}], "index": {"byteStart": 0, "byteEnd": 3}}]}, "indexedAt": p.iso, "likeCount": 0}), "hitsTotal": 12, "cursor": "12"})


@case("vk-newsfeed-search", "vk.json")
def _():
    return json.dumps({"response": {"count": 12, "items": rows(lambda p: {"id": p.n + 5, "date": p.epoch, "owner_id": int(p.uid[-8:]), "from_id": int(p.uid[-8:]), "post_type": "post", "text": p.full, "attachments": [{"type": "link", "link": {"url": p.link, "title": "x"}}]}), "profiles": [{"id": int(u[-8:]), "first_name": n, "last_name": "", "screen_name": h} for h, u, n, _ in PEOPLE], "groups": []}})


@case("youtube-comment-threads", "threads.json")
def _():
    return json.dumps({"kind": "youtube#commentThreadListResponse", "items": rows(lambda p: {"kind": "youtube#commentThread", "id": f"Ug{p.n}", "snippet": {"videoId": "abc", "topLevelComment": {"kind": "youtube#comment", "id": f"Ug{p.n}", "snippet": {"videoId": "abc", "textDisplay": p.full, "textOriginal": p.full, "authorDisplayName": "@" + p.handle, "authorChannelUrl": "http://www.youtube.com/@" + p.handle, "authorChannelId": {"value": "UC" + p.uid[::-1]}, "likeCount": 0, "publishedAt": p.iso, "updatedAt": p.iso}}, "totalReplyCount": 0}})})


@case("telethon-lines", "telethon.jsonl")
def _():
    return lines(lambda p: {"_": "Message", "id": p.n + 1, "peer_id": {"_": "PeerChannel", "channel_id": 1500000}, "date": p.time.strftime("%Y-%m-%dT%H:%M:%S+00:00"), "message": p.full, "out": False, "from_id": {"_": "PeerUser", "user_id": int(p.uid[-9:])}, "fwd_from": None, "reply_to": None, "media": {"_": "MessageMediaWebPage", "webpage": {"_": "WebPage", "url": p.link}}, "entities": [{"_": "MessageEntityUrl", "offset": 3, "length": 9}], "views": None})


@case("telethon-pandas")
def _():
    return table(rows(lambda p: {"": p.n, "id": p.n + 1, "channel_id": 1500000, "date": p.time.strftime("%Y-%m-%d %H:%M:%S+00:00"), "sender_id": int(p.uid[-9:]), "username": p.handle, "text": p.full, "views": 3, "forwards": 0, "reply_to_msg_id": ""}))


@case("telegram-desktop-group", "result.json")
def _():
    return json.dumps({"name": "Groupe", "type": "public_supergroup", "id": 1500000, "messages": [{"id": 1, "type": "service", "date": "2026-11-01T00:00:00", "date_unixtime": "1793491200", "actor": "x", "action": "create_channel"}] + rows(lambda p: {"id": p.n + 2, "type": "message", "date": p.time.strftime("%Y-%m-%dT%H:%M:%S"), "date_unixtime": str(p.epoch), "from": p.name, "from_id": "user" + p.uid[-9:], "text": [p.text + " ", {"type": "link", "text": p.link}], "text_entities": []})})


@case("whatsapp-fr-android", "Discussion WhatsApp.txt", first="minute")
def _():
    return "10/11/2026 à 08:00 - Les messages et les appels sont chiffrés de bout en bout.\n" + "".join(f"{p.time:%d/%m/%Y} à {p.time:%H:%M} - {p.name}: {p.full}\n" for p in sorted(POSTS, key=lambda p: p.time))


@case("whatsapp-ios", "_chat.txt")
def _():
    return "".join(f"[{p.time:%d/%m/%Y %H:%M:%S}] {p.name}: {p.full}\r\n" for p in sorted(POSTS, key=lambda p: p.time))


# ---- pandas' forms ----
BASE = lambda p: dict(id=p.id, username=p.handle, created_at=p.iso, text=p.full, url=p.link)


@case("pandas-records", "records.json")
def _():
    return json.dumps(rows(BASE))


@case("pandas-columns", "columns.json")
def _():
    r = rows(BASE)
    return json.dumps({k: {str(i): row[k] for i, row in enumerate(r)} for k in r[0]})


@case("pandas-index", "index.json")
def _():
    return json.dumps({str(i): row for i, row in enumerate(rows(BASE))})


@case("pandas-split", "split.json")
def _():
    r = rows(BASE)
    return json.dumps({"columns": list(r[0]), "index": list(range(12)), "data": [list(x.values()) for x in r]})


@case("pandas-table", "table.json")
def _():
    r = rows(BASE)
    return json.dumps({"schema": {"fields": [{"name": "index", "type": "integer"}] + [{"name": k, "type": "string"} for k in r[0]], "primaryKey": ["index"], "pandas_version": "1.4.0"}, "data": [{"index": i, **x} for i, x in enumerate(r)]})


@case("pandas-millis", "millis.json")
def _():
    return json.dumps(rows(lambda p: {**BASE(p), "created_at": p.epoch * 1000}))


@case("pandas-float-epoch")
def _():
    return table(rows(lambda p: {**BASE(p), "created_at": f"{p.epoch}.0"}))


@case("pandas-float-ids", why="ids as 64-bit floats: accounts by name, ids not used")
def _():
    return table(rows(lambda p: dict(tweet_id=repr(float(int(p.id))), user_id=repr(float(int(p.uid))), username=p.handle, created_at=p.iso, text=p.full, url=p.link)))


@case("pandas-offset-time")
def _():
    return table(rows(lambda p: {**BASE(p), "created_at": (p.time + dt.timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S+01:00")}))


# ---- damage ----
@case("no-id")
def _():
    return table(rows(lambda p: dict(username=p.handle, created_at=p.iso, text=p.full, url=p.link)))


def french(p):
    return {"Auteur": p.handle, "Date": p.time.strftime("%d/%m/%Y %H:%M:%S"), "Texte": p.full, "Lien": p.link}


@case("french-semicolon-cp1252")
def _():
    return table(rows(french), sep=";", end="\r\n").replace("Ü", "U").encode("cp1252")


@case("french-sep-line", why="a spreadsheet's first line `sep=;`")
def _():
    return "sep=;\r\n" + table(rows(french), sep=";", end="\r\n")


@case("french-date-heure")
def _():
    return table(rows(lambda p: {"Date": p.time.strftime("%d/%m/%Y"), "Heure": p.time.strftime("%H:%M:%S"), "Nom du compte": p.handle, "Contenu du message": p.full, "URL partagée": p.link}), sep=";")


@case("french-words-date")
def _():
    return table(rows(lambda p: {"Compte": p.handle, "Publié le": f"{p.time.day} novembre 2026 à {p.time:%H:%M:%S}", "Message": p.full, "Lien": p.link}), sep=";")


@case("spreadsheet-serial")
def _():
    return table(rows(lambda p: {**BASE(p), "created_at": f"{p.epoch / 86400 + 25569:.6f}"}))


@case("spreadsheet-serial-comma")
def _():
    return table(rows(lambda p: {**BASE(p), "created_at": f"{p.epoch / 86400 + 25569:.6f}".replace(".", ",")}), sep=";")


@case("ids-in-powers", why="ids that a spreadsheet spoilt; names and times whole")
def _():
    return table(rows(lambda p: dict(tweet_id="1.99E+18", author_id="1.10E+18", username=p.handle, created_at=p.iso, text=p.full, url=p.link)))


@case("ids-in-powers-comma")
def _():
    return table(rows(lambda p: dict(tweet_id="1,98812E+18", author_id="1,10235E+18", username=p.handle, created_at=p.time.strftime("%d/%m/%Y %H:%M:%S"), text=p.full, url=p.link)), sep=";")


@case("ids-rounded")
def _():
    return table(rows(lambda p: dict(tweet_id=p.id[:15] + "0000", author_id=p.uid[:15] + "0" * (len(p.uid) - 15), username=p.handle, created_at=p.iso, text=p.full, url=p.link)))


@case("american-dates")
def _():
    return table(rows(lambda p: {**BASE(p), "created_at": p.time.strftime("%-m/%-d/%Y %-I:%M:%S %p")}))


@case("american-two-digit-year", first="minute")
def _():
    return table(rows(lambda p: {**BASE(p), "created_at": p.time.strftime("%-m/%-d/%y %-H:%M")}))


@case("dotted-german-dates")
def _():
    return table(rows(lambda p: {"Benutzername": p.handle, "Datum": p.time.strftime("%d.%m.%Y %H:%M:%S"), "Beitrag": p.full, "Link": p.link}), sep=";")


@case("spanish-heads")
def _():
    return table(rows(lambda p: {"Usuario": p.handle, "Fecha": p.time.strftime("%d/%m/%Y %H:%M:%S"), "Texto": p.full, "Enlace": p.link}), sep=";")


@case("italian-heads")
def _():
    return table(rows(lambda p: {"Autore": p.handle, "Data": p.time.strftime("%d/%m/%Y %H:%M:%S"), "Testo": p.full, "Collegamento": p.link}), sep=";")


@case("space-before-zone")
def _():
    return table(rows(lambda p: {**BASE(p), "created_at": (p.time + dt.timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S +0100")}))


@case("utf16-tabs", "unicode.txt")
def _():
    return table(rows(BASE), sep="\t").encode("utf-16")


@case("one-bad-byte")
def _():
    return table(rows(BASE)).encode().replace("énorme".encode(), b"\xe9norme", 1)


@case("nul-byte")
def _():
    return table(rows(BASE)).encode().replace("énorme".encode(), b"\x00norme", 1)


@case("old-mac-line-ends", why="CR alone")
def _():
    return table(rows(lambda p: {**BASE(p), "text": p.full.replace("\n", " ")}), end="\r")


@case("blank-lines")
def _():
    return "\n\n" + table(rows(lambda p: {**BASE(p), "text": p.full.replace("\n", " ")})).replace("\n", "\n\n")


@case("pipes", "posts.psv")
def _():
    return table(rows(BASE), sep="|")


@case("one-quote-too-many", n=None, why="a stray quote loses no more than its own row")
def _():
    return table(rows(lambda p: {**BASE(p), "text": p.full.replace("\n", " ")})).replace("Dernière chance, mes amis", 'Dernière " chance')


@case("ragged-rows")
def _():
    out = table(rows(lambda p: {**BASE(p), "text": p.full.replace("\n", " ")})).split("\n")
    return "\n".join([out[0], *[l + ",,," for l in out[1:] if l]]) + "\n"


@case("total-line", why="a line of totals at the end")
def _():
    return table(rows(BASE)) + "Total,,12,,\n"


@case("title-line", why="a title above the head")
def _():
    return "Export du 20/11/2026;;;;\r\n;;;;\r\n" + table(rows(french), sep=";", end="\r\n")


@case("excel-export-xlsx", "posts.xlsx")
def _():
    try:
        import openpyxl
    except ImportError:
        return None
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Auteur", "Date", "Texte", "Lien"])
    for p in POSTS:
        sheet.append([p.handle, p.time.replace(tzinfo=None), p.full, p.link])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@case("zip-of-csv", "posts.zip")
def _():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("export/posts.csv", table(rows(BASE)))
    return out.getvalue()


@case("tar-of-csv", "posts.tar.gz")
def _():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as t:
        data = table(rows(BASE)).encode()
        info = tarfile.TarInfo("export/posts.csv")
        info.size = len(data)
        t.addfile(info, io.BytesIO(data))
    return out.getvalue()


@case("gzip-lines", "posts.jsonl.gz")
def _():
    return gzip.compress(lines(BASE).encode())


# ---- feeds: an outlet's articles are no shares ----
@case("rss", "feed.xml", accounts=1, n=4, edges=None)
def _():
    items = "".join(f"<item><title>{p.text}</title><link>https://journal.example/{p.n}</link><guid>g{p.n}</guid><pubDate>{p.time:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>" for p in POSTS[::3])
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Journal</title><link>https://journal.example/</link>{items}</channel></rss>'


@case("atom-relative", "atom.xml", accounts=1, n=4, edges=None)
def _():
    items = "".join(f'<entry><title>{p.text}</title><link href="/{p.n}"/><id>urn:{p.n}</id><updated>{p.iso}</updated></entry>' for p in POSTS[::3])
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://journal.example/"><title>Journal</title><link href="https://journal.example/"/><id>urn:j</id><updated>2026-11-20T00:00:00Z</updated>{items}</feed>'


@case("json-feed", "feed.json", accounts=1, n=4, edges=None)
def _():
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Journal", "home_page_url": "https://journal.example/", "items": [{"id": f"g{p.n}", "url": f"https://journal.example/{p.n}", "title": p.text, "content_text": p.full, "date_published": p.iso} for p in POSTS[::3]]})


def run(vigie, *args):
    done = subprocess.run([vigie, *map(str, args)], capture_output=True, text=True, errors="replace")
    return done.returncode, done.stdout, done.stderr


def judge(vigie, name, place):
    c = CASES[name]
    data = c["make"]()
    if data is None:
        return name, None, "skipped", ""
    folder = place / name
    folder.mkdir()
    path = folder / c["file"]
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    at = ["--at", "2026-11-28T00:00:00Z", "--lang", "en"]
    code, out, err = run(vigie, "read", "--json", *at, path)
    found = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    notes = err
    n, accounts, first = 0, set(), None
    for f in found:
        if f.get("kind") != "posts/block":
            continue
        n += f["count"]
        strings = f["strings"]
        accounts |= {strings[i - 1] for i in f.get("account", []) if i}
        times = [t for t in f.get("times", []) if t is not None]
        low = min(times) if times else None
        first = low if first is None else min(first, low or first)
    faults = []
    if c["n"] and n != c["n"]:
        faults.append(f"{n} posts of {c['n']}")
    if len(accounts) != c["accounts"]:
        faults.append(f"accounts {sorted(accounts)[:4]}")
    want = int(START.timestamp()) - (5 if c["first"] == "minute" else 0)
    if name == "mediacloud":
        want = want // 86400 * 86400
    if first is None or abs(first / 1e6 - want) > 0.6:
        faults.append(f"first {first and dt.datetime.fromtimestamp(first / 1e6, UTC)}")
    if c["edges"] is not None:
        code, out, err = run(vigie, "network", path, "--by", c["by"], "--window", "60s", "--min-weight", "2", "--csv", *at)
        edges = [r for r in csv.reader(out.splitlines())][1:]
        if len(edges) != c["edges"] or any(e[2] != "4" for e in edges):
            faults.append(f"edges by {c['by']} {edges[:3]} {err.strip()[-200:] if not edges else ''}")
    return name, not faults, "; ".join(faults), notes


def main():
    words = [w for w in sys.argv[1:] if not w.startswith("-")]
    vigie = str(pathlib.Path(words.pop(0) if words and "/" in words[0] else "target/release/vigie").resolve())
    names = words or list(CASES)
    with tempfile.TemporaryDirectory() as place:
        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(lambda n: judge(vigie, n, pathlib.Path(place)), names))
    right = 0
    for name, good, why, notes in told:
        right += good is True
        if good is False or "--show" in sys.argv:
            print(f"{'right' if good else 'skipped' if good is None else 'wrong'} {name}: {why}")
            print("      " + notes.strip().replace("\n", "\n      ")[:700])
    tried = sum(good is not None for _, good, *_ in told)
    print(f"{right} of {tried} right")
    sys.exit(right < tried)


if __name__ == "__main__":
    main()
